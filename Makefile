# Needs Python 3.11 or newer and the package index; nothing else is assumed to be installed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: help setup run quick test bench clean

help:
	@echo "make setup   make .venv and install Groundswell in it"
	@echo "make run     play the bundled case kazakhstan-2022"
	@echo "make quick   check style and types, run quick tests of engine, plans and observables"
	@echo "make test    check style and types, run the tests"
	@echo "make bench   measure speed beside other programs; writes docs/performance.md"
	@echo "make clean   remove .venv, caches and runs"

setup: $(VENV)/.installed

run: setup
	$(BIN)/groundswell run kazakhstan-2022

quick: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest --quiet --numprocesses auto --maxprocesses 4 -m "not slow and not statistical and not browser" \
		tests/engine tests/observe tests/play tests/test_public_names.py

test: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

# Installs the programs it compares with in .venv-bench; takes half an hour of a machine that does nothing else.
bench: setup
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) .venv-bench runs build dist .pytest_cache .ruff_cache .mypy_cache .hypothesis
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# Each stamp says that an installation was done; it is done again when pyproject.toml changes.
$(VENV)/.installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Groundswell needs Python 3.11 or newer, and $(PYTHON) is " + sys.version.split()[0] + "; give another: make PYTHON=python3.12")'
	test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	$(INSTALL) -e .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	$(INSTALL) -e '.[test]'
	@touch $@
