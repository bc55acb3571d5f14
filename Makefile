# Two commands do everything on a fresh machine with Python 3.11+: `make run` and `make test`.
# PYTHON=python3.12 chooses the interpreter, VENV=somewhere the virtual environment.

VENV ?= .venv
PORT ?=
NAME ?=
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
BIN := $(VENV)/bin

.PHONY: help run test lint types imports check bench format clean

help:
	@echo "make run      install GanLab into $(VENV) and open it in the browser (PORT=8600: on that port)"
	@echo "make test     install the test extras and run every test"
	@echo "make check    lint, types, import rules and tests"
	@echo "make lint     ruff; make format mends what it can"
	@echo "make types    mypy, strict on ganlab/"
	@echo "make imports  the import rules"
	@echo "make bench    every benchmark, one JSON object a line (NAME=live: one family)"
	@echo "make clean    remove $(VENV) and the caches"

$(BIN)/python:
	@if [ -z "$(PYTHON)" ]; then \
		echo "GanLab needs Python 3.11 or newer, and none was found: install one, or name it: make run PYTHON=/path/to/python3.11" >&2; \
		exit 1; fi
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "GanLab needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1)." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
		echo "$(PYTHON) could not make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }

$(VENV)/.run-installed: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing GanLab into $(VENV): a few minutes the first time."
	$(BIN)/python -m pip install --disable-pip-version-check -q -c constraints.txt -e .
	@touch $@

$(VENV)/.test-installed: $(VENV)/.run-installed
	$(BIN)/python -m pip install --disable-pip-version-check -q -c constraints.txt -e '.[test]'
	@touch $@

run: $(VENV)/.run-installed
	$(BIN)/ganlab $(if $(PORT),--port $(PORT))

# Two processes, so that what waits for the browser and what computes go on side by side.
test: $(VENV)/.test-installed
	$(BIN)/python -m pytest -n 2

lint: $(VENV)/.test-installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/.test-installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/.test-installed
	$(BIN)/mypy

imports: $(VENV)/.test-installed
	$(BIN)/lint-imports

check: lint types imports test

bench: $(VENV)/.test-installed
	$(BIN)/python -m benchmarks $(NAME)

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache build dist
