#!/bin/sh
# A Chromium for the page tests: the machine's own, else Debian's if we may install it, else one clear sentence.
set -eu

has_browser() { # the same names as tests/support/browser.py
    for name in "${AKASHI_CHROMIUM:-chromium}" chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" >/dev/null 2>&1 && return 0
    done
    return 1
}

install_quietly() {
    echo "── installing $* (once)"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >/dev/null 2>&1
}

may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

if ! has_browser; then
    may_install && install_quietly chromium fonts-noto-cjk || true
fi
if ! has_browser; then
    echo "akashi: the page tests need Chromium or Google Chrome, none was found, and none could be installed;" \
        "install one or set AKASHI_CHROMIUM=/path/to/chromium" >&2
    exit 1
fi
if command -v fc-list >/dev/null 2>&1 && [ -z "$(fc-list :lang=ja family)" ]; then
    may_install && install_quietly fonts-noto-cjk ||
        echo "akashi: no Japanese font here; the tests run, but screenshots of Japanese pages will show empty boxes" >&2
fi
