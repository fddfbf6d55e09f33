# What one does with this project. `make` alone shows the list; everything is installed into .venv here, once.

BIN := .venv/bin
READY := .venv/.ready
LOCK := $(BIN)/uv pip compile --quiet pyproject.toml --universal --python-version 3.11 --generate-hashes --no-config \
	--no-emit-index-url --no-emit-find-links --annotation-style line --custom-compile-command "make locks"

.DEFAULT_GOAL := help
.PHONY: help demo test soak check fix run bench size audit migration locks

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

demo: $(READY) ## do the registry's main job before your eyes, then serve it at http://localhost:8000 (AKASHI_PORT)
	@exec $(BIN)/akashi demo

# What another PostgreSQL could do differently is what it is told in SQL and how it ends and comes back: the schema with
# its rules, every statement of storage, the acts that join them, crashes and backups. The doors say nothing to it that
# these tests do not say, so the tests of doors, pages and commands run on one server only.
SERVER_MATTERS := tests/migrations tests/storage tests/registry tests/support $(addprefix tests/journeys/test_,backup.py \
	crashes.py life_of_a_certificate.py retries.py server_kills.py)

test: $(READY) check ## prove it: make check, then every test, those of the database also on this machine's own PostgreSQL
	@sh tools/browser.sh
	@echo "── every test, on the embedded PostgreSQL"
	@$(BIN)/pytest -n 2 --dist loadgroup
	@echo "── the tests of days, elsewhere and at other times"
	@$(BIN)/python -m tools.elsewhere
	@if $(BIN)/python -m tools.system_postgres; then \
		echo "── the database tests once more, on this machine's own PostgreSQL, in another zone"; \
		TZ=America/Adak $(BIN)/pytest -n 2 --dist loadgroup -m database --postgres=system $(SERVER_MATTERS); \
	fi

soak: $(READY) ## the same for hours: races, random acts, probes across tenants, every zone (PART=races for one part)
	@$(BIN)/python -m tools.soak $(PART)

check: $(READY) ## format, lint, types, imports, words and contract; changes nothing
	@echo "── format";  $(BIN)/ruff format --check --quiet .
	@echo "── lint";    $(BIN)/ruff check --quiet .
	@echo "── types";   $(BIN)/mypy --no-error-summary
	@echo "── imports"; report=$$($(BIN)/lint-imports 2>&1) || { echo "$$report"; exit 1; }
	@echo "── words, documents and contract"; $(BIN)/pytest -q tests/house

fix: $(READY) ## put right what a tool can: format, lint, generated documents
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/python -m tools.render_docs

run: $(READY) ## serve the registry that `akashi init` made here
	@exec $(BIN)/akashi serve

bench: $(READY) ## measure, each figure against a reference run beside it
	@exec $(BIN)/python -m benchmarks

size: $(READY) ## measure ten thousand certifications against a thousand; both are seeded first, which takes its time
	@exec $(BIN)/python -m benchmarks.size

audit: $(READY) ## ask for known vulnerabilities of what is locked (needs a network; silence is never taken for good news)
	@echo "advisories as of $$(date -u +%Y-%m-%d), for what requirements/service.txt locks"
	@$(BIN)/pip-audit --strict --require-hashes --disable-pip -r requirements/service.txt

migration: $(READY) ## begin a migration: make migration NAME=add_something
	@$(BIN)/python -m tools.new_migration "$(NAME)"

locks: $(READY) ## resolve requirements/ anew from pyproject.toml (asks the package index)
	@$(LOCK) -o requirements/verify.txt
	@$(LOCK) --extra service -c requirements/verify.txt -o requirements/service.txt
	@$(LOCK) --extra service --group develop -c requirements/service.txt -o requirements/develop.txt
	@sed -n '/^uv==/,/[^\\]$$/p' requirements/develop.txt >requirements/bootstrap.txt
	@echo "requirements/ is resolved; read the difference before you commit it"

$(READY): pyproject.toml requirements/develop.txt requirements/bootstrap.txt tools/setup.sh
	@sh tools/setup.sh
	@touch $@
