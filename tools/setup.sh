#!/bin/sh
# Installs into .venv all that the project needs, from locked versions with hashes. Safe to repeat; nothing outside .venv.
set -eu

stop() {
    echo "akashi: $*" >&2
    exit 1
}

fits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

# The interpreter: PYTHON if given, else the first that is new enough.
for python in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    fits "$python" && break
    python=
done
[ -n "$python" ] || stop "Python 3.11 or newer is needed and was not found; install it or name it: make PYTHON=/path/to/python3"
"$python" -c 'import venv, ensurepip' 2>/dev/null ||
    stop "this Python has no venv module; on Debian and Ubuntu: apt-get install python3-venv"

# A .venv that was moved or that an older interpreter made is made again.
if ! fits .venv/bin/python || ! .venv/bin/python -m pip --version >/dev/null 2>&1 ||
    [ "$(.venv/bin/python -c 'import sys; print(sys.prefix)')" != "$(pwd -P)/.venv" ]; then
    echo "[1/4] making .venv with $("$python" --version)"
    "$python" -m venv --clear .venv
fi
pip() { .venv/bin/python -m pip --quiet --disable-pip-version-check "$@"; }

echo "[2/4] installing the installer (uv)"
pip install --require-hashes --no-deps -r requirements/bootstrap.txt || echo "      there is none for this machine; pip will do"

echo "[3/4] installing $(grep -c '==' requirements/develop.txt) packages (half a minute on a slow line)"
# uv is seven times quicker; pip knows indexes that uv does not, those of pip.conf.
.venv/bin/uv pip install --quiet --system-certs --python .venv/bin/python --require-hashes --no-deps -r requirements/develop.txt ||
    { echo "      uv could not; trying with pip" && pip install --require-hashes --no-deps -r requirements/develop.txt; } ||
    stop "the packages of requirements/develop.txt could not be installed; the lines above say why"

echo "[4/4] installing akashi itself"
pip install --no-deps --no-build-isolation --editable .
