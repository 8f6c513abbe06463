# Two commands matter: `make run` starts the bot, `make test` runs every check.
# Both make their own environment in .venv; they need only make and Python 3.11 or newer.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check -qq
CODE   := $(wildcard bot tests bench tools)

# Stamps: an environment is brought up to date only when a file that decides it has changed.
READY     := $(VENV)/.ready
READY_DEV := $(VENV)/.ready-dev

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run test lint types imports knowledge dockerfile locks deps unit format vectors lock build clean

help: ## Show the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(READY) ## Start the bot (ARGS="..." are passed on)
	@exec $(BIN)/ldn-bot run $(ARGS)

test: lint types imports deps knowledge dockerfile locks unit ## Run every check and all tests

lint: $(READY_DEV) ## Style: ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY_DEV) ## Types: mypy
	$(BIN)/mypy $(CODE)

imports: $(READY_DEV) ## Which part may import which
	$(BIN)/lint-imports

knowledge: $(READY_DEV) ## The evidence base: schema, sources, editorial rules
	$(BIN)/ldn-bot check
	$(BIN)/python tools/vectors.py --check

dockerfile: $(READY_DEV) ## Dockerfile: hadolint
	$(BIN)/hadolint Dockerfile

locks: $(READY_DEV) ## Lock files fit pyproject.toml and name no address
	$(BIN)/python tools/locks.py check

deps: $(READY_DEV) ## Declared against imported dependencies: deptry
	$(BIN)/deptry bot

unit: $(READY_DEV) ## Tests with coverage (ARGS="..." are passed on to pytest)
	$(BIN)/python -m pytest -n auto --cov $(ARGS)

format: $(READY_DEV) ## Put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

vectors: $(READY_DEV) ## Bring the packaged vectors of phrasings up to date (WORDS=1: words too)
	$(BIN)/python tools/vectors.py $(if $(WORDS),--words)

lock: $(READY_DEV) ## Bring the lock files up to date (UPGRADE=1 takes newest versions)
	$(BIN)/python tools/locks.py write $(if $(UPGRADE),--upgrade)

build: $(READY_DEV) ## Make the wheel and the source archive in dist/
	$(BIN)/python -m build --no-isolation

clean: ## Remove everything that was made
	rm -rf $(VENV) build dist .coverage .coverage.* htmlcov .hypothesis
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find bot tests bench tools -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# The environment ------------------------------------------------------------------------------

$(BIN)/python:
	@command -v "$(PYTHON)" >/dev/null || { \
	  echo "$(PYTHON) not found: install Python 3.11 or newer, or name one: make PYTHON=python3.12 ..."; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "$$("$(PYTHON)" --version) is too old: Python 3.11 or newer is needed. Name one: make PYTHON=python3.12 ..."; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make environments: its venv or ensurepip module is missing."; \
	  echo "On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	"$(PYTHON)" -m venv --clear $(VENV)

$(READY): pyproject.toml requirements.txt requirements-build.txt | $(BIN)/python
	$(PIP) install --require-hashes -r requirements.txt -r requirements-build.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

# The development lock holds everything in the other two, in the same versions.
$(READY_DEV): pyproject.toml requirements-dev.txt | $(BIN)/python
	$(PIP) install --require-hashes -r requirements-dev.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@ $(READY)
