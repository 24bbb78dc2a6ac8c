# Two commands matter on a fresh machine: `make run` and `make test`. Each installs what it needs into .venv.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
# Test processes at once, and anything else for pytest: make test ARGS='tests/domain -x'
WORKERS ?= 2
ARGS ?=

BIN := .venv/bin

.PHONY: help run test check format bench screenshots translations clean

help:
	@printf '%s\n' \
	  'make run           start the system on http://$(HOST):$(PORT) (HOST= PORT= change it)' \
	  'make test          run every test' \
	  'make check         format, lint, types, import floors, workflows, translations, licences' \
	  'make bench         measure, and print the table' \
	  'make screenshots   take the pictures of docs/screenshots again' \
	  'make format        put the code into the shape that make check wants' \
	  'make translations  collect the texts to translate into caseapp/translations' \
	  'make clean         remove caches and the virtual environment; var/ (your data) stays'

run: .venv/.runtime
	@.ci/provide pdf-libraries
	@HOST='$(or $(HOST),127.0.0.1)' PORT='$(or $(PORT),8000)' exec $(BIN)/flask serve

test: .venv/.development
	@.ci/provide pdf-libraries
	@.ci/provide browser
	@$(BIN)/pytest -n $(WORKERS) $(ARGS)

check: .venv/.development
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python .ci/check_translations.py
	$(BIN)/python .ci/third_party.py
	$(BIN)/flask workflows check

format: .venv/.development
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

translations: .venv/.development
	$(BIN)/python .ci/check_translations.py --update

bench: .venv/.development
	@.ci/provide pdf-libraries
	@.ci/provide bench-fonts
	@$(BIN)/python -m tests.bench $(ARGS)

screenshots: .venv/.development
	@.ci/provide pdf-libraries
	@.ci/provide browser
	@$(BIN)/python -m tests.screenshots $(ARGS)

# The stamps are younger than the requirements they were made from, so a second start installs nothing.
.venv/.runtime: requirements.txt
	@PYTHON='$(PYTHON)' .ci/provide runtime

.venv/.development: requirements.txt requirements-dev.txt
	@PYTHON='$(PYTHON)' .ci/provide development

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage htmlcov
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
