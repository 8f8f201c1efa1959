# Two commands on a fresh machine: `make demo` and `make test`. Both build what they need.
.DELETE_ON_ERROR:
.PHONY: demo test check coverage mutate bench generated lock clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := demo

demo: $(VENV)/product
	@rm -rf $(DEMO) && mkdir -p $(DEMO)
	@$(BIN)/cocycle demo --db $(DEMO)/cocycle.db

test: $(VENV)/developer
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2 --dist worksteal

coverage: $(VENV)/developer
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest tests/core tests/ledger
	$(BIN)/coverage report --include 'engine/core/*,engine/ledger/*' --show-missing

mutate: $(VENV)/developer
	$(BIN)/mutmut run

bench: $(VENV)/developer
	$(BIN)/python -m bench.advance
	$(BIN)/python -m bench.judging
	$(BIN)/python -m bench.commands

# What is made of other files: each shipped workflow's canonical form and page, and the page of hooks. Tests hold them
# to what they are made from.
generated: $(VENV)/developer
	$(BIN)/python -m engine.shipped
	$(BIN)/python -m engine.pages
	$(BIN)/python -m engine.conformance.hooks_page

# The environments. Every package is pinned by its hash; nothing is resolved anew.
$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "cocycle needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/product: requirements.lock pyproject.toml | $(VENV)/bin/python
	@if [ ! -e $(VENV)/developer ]; then $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock; fi
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/developer: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/product

# Resolves the locks anew; needs uv. No address stands in them.
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header
lock:
	$(LOCK) --extra build pyproject.toml -o requirements.lock
	$(LOCK) --extra build --extra dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(VENV) $(DEMO) .mypy_cache .ruff_cache .pytest_cache .hypothesis mutants
