# The commands of the project; `make help` lists them.

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --no-input --disable-pip-version-check --require-hashes
COMPILE := $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host
SECRET = $(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))'
# `make test ARGS="tests/workshops -k seats"` runs a part.
ARGS ?=
WORKERS ?= auto

.DEFAULT_GOAL := help
.PHONY: help run test check bench messages requirements install format clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.installed ## the whole portal on http://127.0.0.1:8000 (PORT=… for another), Ctrl-C ends it
	@$(BIN)/python manage.py run

test: $(VENV)/.installed-dev ## the whole suite, on servers of its own (ARGS=… for a part)
	@$(BIN)/python -m pytest -n $(WORKERS) --maxprocesses 4 $(ARGS)

check: $(VENV)/.installed-dev ## format, lint, contracts, templates, migrations, messages, settings
	@echo "== Format"
	@$(BIN)/ruff format --check --quiet . || { echo "Run \`make format\`."; exit 1; }
	@echo "== Lint"
	@$(BIN)/ruff check --quiet .
	@echo "== Contracts between the apps"
	@$(BIN)/lint-imports --no-logo
	@echo "== Templates"
	@$(BIN)/djlint --lint --quiet templates
	@echo "== Migrations"
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@echo "== Messages"
	@$(BIN)/python manage.py catalog check
	@echo "== Settings of a public server"
	@PRODUCTION=1 SECRET_KEY=$$($(SECRET)) LEDGER_KEY=$$($(SECRET)) ALLOWED_HOSTS=splot.example \
		SITE_URL=https://splot.example EMAIL_URL=smtp+tls://mail.splot.example:587 \
		$(BIN)/python -W error manage.py check --deploy --fail-level WARNING

bench: $(VENV)/.installed-dev ## the performance figures
	@$(BIN)/python -m pytest -q -s -p no:randomly -o python_files='bench_*.py' tests/bench $(ARGS)

messages: $(VENV)/.installed-dev ## collect the texts to translate into locale/, and compile them
	@$(BIN)/python manage.py catalog update
	@$(BIN)/python manage.py catalog compile

format: $(VENV)/.installed-dev ## format the Python files
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

requirements: $(VENV)/.installed-dev ## pin the requirements anew from requirements*.in (UPGRADE=--upgrade for newer ones)
	@$(COMPILE) $(UPGRADE) --output-file requirements.txt requirements.in
	@$(COMPILE) $(UPGRADE) --output-file requirements-dev.txt requirements-dev.in

install: $(VENV)/.installed ## the virtual environment only

clean: ## remove the virtual environment, the demo's data and everything made
	rm -rf $(VENV) .data staticfiles .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find locale -name '*.mo' -delete

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed (Debian: apt-get install python3 python3-venv)."; exit 1; }
	@echo "== Virtual environment in $(VENV), by $(PYTHON)"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "The virtual environment could not be made: Python's venv module is needed (Debian: apt-get install python3-venv)."; exit 1; }

$(VENV)/.installed: requirements.txt | $(VENV)/bin/python
	@echo "== Packages of requirements.txt, pinned and with hashes; about a minute"
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@echo "== Packages of requirements-dev.txt"
	@$(PIP) -r requirements-dev.txt
	@touch $@
