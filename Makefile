# Two commands do everything on a fresh machine with Python 3.11+: `make run` and `make test`.
# PYTHON=python3.12 chooses the interpreter, VENV=somewhere the virtual environment.

VENV ?= .venv
PORT ?=
NAME ?=
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
BIN := $(VENV)/bin

.PHONY: help run test lint types imports browser check bench gpu format clean

help:
	@echo "make run      install GanLab into $(VENV) and open it in the browser (PORT=8600: on that port)"
	@echo "make test     install the test extras and run every test"
	@echo "make check    lint, types, import rules, the browser's modules and tests"
	@echo "make lint     ruff; make format mends what it can, in the browser's modules too"
	@echo "make types    mypy, strict on ganlab/"
	@echo "make imports  the import rules"
	@echo "make browser  format, lint and types of the browser's modules (needs Node.js 18.18 or newer)"
	@echo "make bench    every benchmark, one JSON object a line (NAME=live: one family)"
	@echo "make gpu      on a machine with CUDA: the tests that need one, and the GPU's figures"
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
	$(BIN)/python -m pip install --disable-pip-version-check -q -c constraints.txt -e '.[cluster,test]'
	@touch $@

run: $(VENV)/.run-installed
	$(BIN)/ganlab $(if $(PORT),--port $(PORT))

# Four processes, so that what waits for a browser and what computes go on side by side. Where Python keeps no bytecode,
# each of the many processes that they start would compile GanLab again.
test: $(VENV)/.test-installed
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 4

lint: $(VENV)/.test-installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/.test-installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	@$(WITH_NODE) npm run --silent mend; $(OR_SAY_SO)

types: $(VENV)/.test-installed
	$(BIN)/mypy

imports: $(VENV)/.test-installed
	$(BIN)/lint-imports

# Prettier, ESLint and TypeScript check the modules; the app itself needs none of them. `make test` runs their tests.
node_modules/.installed: package.json package-lock.json
	npm ci --silent
	@touch $@

WITH_NODE = if command -v node >/dev/null && command -v npm >/dev/null; then \
	$(MAKE) --no-print-directory node_modules/.installed &&
OR_SAY_SO = else echo "NOT CHECKED: the browser's modules. Node.js and npm are missing: install Node.js 18.18 or newer." >&2; fi

browser:
	@$(WITH_NODE) npm run --silent check; $(OR_SAY_SO)

check: lint types imports browser test

bench: $(VENV)/.test-installed
	$(BIN)/python -m benchmarks $(NAME)

gpu: $(VENV)/.test-installed
	$(BIN)/python -m pytest -m gpu
	$(BIN)/python -m benchmarks gpu

clean:
	rm -rf $(VENV) node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache build dist
