# Everything a newcomer needs. `make audit` and `make test` set up what they use in .venv, from locks with hashes.
PYTHON ?= python3
REPO ?= examples/sprawl
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help audit test test-engine lint types layers docs docs-check site bench lock clean

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

audit: $(VENV)/.run  ## audit examples/sprawl, or REPO=path
	@$(BIN)/dockwright audit $(REPO)

test: $(VENV)/.dev  ## the tests that need no container engine
	@$(BIN)/python -m pytest -m "not engine" -n 2 $(ARGS)
	@echo "left out: the tests that need a real container engine; \`make test-engine\` runs them"

test-engine: $(VENV)/.dev  ## the tests that need a real container engine (starts one where none runs)
	@$(BIN)/python -m tests.lab up
	@DOCKWRIGHT_LAB_REQUIRED=1 $(BIN)/python -m pytest -m engine -n 3 --dist worksteal $(ARGS)

lint: $(VENV)/.dev  ## ruff: rules and format
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(VENV)/.dev  ## mypy, strict
	@$(BIN)/mypy

layers: $(VENV)/.dev  ## imports run downwards only
	@$(BIN)/lint-imports

docs: $(VENV)/.dev  ## write what is generated: rule index, knowledge, rule pages
	@$(BIN)/python -m tools.families write && $(BIN)/python -m tools.knowledge write && $(BIN)/python -m tools.docs write

docs-check: $(VENV)/.dev  ## fail when a generated page is not what the code says
	@$(BIN)/python -m tools.families check && $(BIN)/python -m tools.knowledge check && $(BIN)/python -m tools.docs check

site: $(VENV)/.dev  ## build the documentation site
	@$(BIN)/zensical build --clean

bench: $(VENV)/.bench  ## speed beside the peers, in one run
	@$(BIN)/python -m benchmarks.run

lock:  ## renew the locks (needs uv)
	@tools=requirements; for set in run dev bench; do \
	  extra=$$([ $$set = run ] || echo "--extra dev"); [ $$set = bench ] && extra="$$extra --extra bench"; \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    --no-annotate $$extra pyproject.toml -o $$tools/$$set.txt || exit 1; done

$(VENV)/.venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "dockwright needs Python 3.11 or newer; set PYTHON=/path/to/python3.11" >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) \
	  || { echo "python3 -m venv failed: install the venv module (Debian: python3-venv)" >&2; exit 2; }
	@touch $@

$(VENV)/.run: $(VENV)/.venv requirements/run.txt requirements/build.txt pyproject.toml
	@$(PIP) install --require-hashes -r requirements/run.txt -r requirements/build.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q src
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/.bench: $(VENV)/.dev requirements/bench.txt
	@$(PIP) install --require-hashes -r requirements/bench.txt
	@touch $@

clean:  ## remove what was built (.venv too)
	@rm -rf $(VENV) site build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
