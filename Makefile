# Ibid's commands. Each works alone on a fresh machine with Python 3.11 to 3.14, make and a package registry.
# PYTHON=/path/to/python3 chooses what .venv is made with; ARGS="…" is handed on: make demo ARGS="--no-open --port 8080".

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help demo index test lint unit eval mutants bench lock clean
.DELETE_ON_ERROR:
# Without bytecode every start compiles thousands of files again; the other two would let foreign packages into .venv.
unexport PYTHONDONTWRITEBYTECODE PYTHONPATH PYTHONHOME

BIN := .venv/bin
PYTHON ?=
ARGS ?=

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

demo: .venv/.runtime ## open a pretend Slack workspace in the browser, with a sample handbook to ask about
	@$(BIN)/ibid demo $(ARGS)

index: .venv/.runtime ## read the documents of IBID_DOCUMENTS (default: handbook/) into the index
	@$(BIN)/ibid index $(ARGS)

test: lint ## every check: style, import rules, types, and all tests
	@sh .ci/programs.sh chromium redis-server tesseract
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile $(ARGS)

lint: .venv/.dev ## style, import rules and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/mypy

unit: .venv/.dev ## the tests that need nothing but Python, in seconds
	@$(BIN)/python -m pytest tests/unit --numprocesses 2 --dist loadfile $(ARGS)

eval: .venv/.dev ## ask the golden questions and print the figures
	@$(BIN)/ibid eval $(ARGS)

mutants: .venv/.dev ## every rule taken out once in a copy, and whether a test notices: ARGS=guest chooses by a word
	@$(BIN)/python -m tests.mutants $(ARGS)

bench: .venv/.dev ## medians and ratios of search, re-indexing and answers, each from one run: ARGS=search_at_scale runs one
	@$(BIN)/python -m tests.benchmarks $(ARGS)

lock: ## resolve the versions again: make lock ARGS=--upgrade takes newer ones
	@PYTHON="$(PYTHON)" sh .ci/lock.sh $(ARGS)

clean: ## remove .venv, caches and what the demo and the index made (var/)
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build var
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps are newer than the lock once its packages are in; the dev lock holds the runtime lock's packages too.
.venv/.runtime: requirements.lock .ci/venv.sh
	@PYTHON="$(PYTHON)" sh .ci/venv.sh requirements.lock
	@touch $@

.venv/.dev: requirements-dev.lock .ci/venv.sh
	@PYTHON="$(PYTHON)" sh .ci/venv.sh requirements-dev.lock
	@touch .venv/.runtime $@
