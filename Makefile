# One target for each thing that people do. `make` prints them.

SHELL := /bin/bash
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help run system test test-all soak quick lint fix forms texts migration lock snapshots setup

##@ Two commands

run: ## set up, and run with demonstration data (PORT, WEB_CONCURRENCY, PUBLIC_URL)
	@.ci/serve

test: setup lint ## lint, types, layers, forms, all tests on SQLite, browser in English and Arabic
	@$(BIN)/pytest -n 2

##@ For everybody

help: ## print this
	@awk -F ':.*## ' '/^##@/ {printf "\n%s\n", substr($$0, 5)} \
	  /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

system: ## install by apt what the system lacks (as root; else print the line to run)
	@.ci/system

test-all: setup $(if $(TESTED),,lint) ## all tests on SQLite and on PostgreSQL, and axe in every language
	$(if $(TESTED),,@$(BIN)/pytest -n 2)
	@CANOPY_LANGUAGES=all $(BIN)/pytest -n 2 tests/browser/test_accessibility.py
	@CANOPY_TEST_DATABASE=postgresql $(BIN)/pytest -n 2 --ignore tests/browser

soak: setup ## 100,000 random rules, 100,000 malformed files and posts, 10,000 kills on each database
	@CANOPY_EXPRESSIONS=100000 $(BIN)/pytest -q -n 2 tests/browser/test_rules_in_browser.py
	@CANOPY_FUZZ=100000 $(BIN)/pytest -q -n 2 --timeout 5400 tests/fuzz
	@CANOPY_KILLS=10000 $(BIN)/pytest -q tests/kills
	@CANOPY_KILLS=10000 CANOPY_TEST_DATABASE=postgresql $(BIN)/pytest -q tests/kills

##@ While writing

quick: setup ## tests of the pure core, in seconds
	@$(BIN)/pytest -q tests/unit

lint: setup ## everything that `make test` checks before the tests
	$(BIN)/ruff check --quiet
	$(BIN)/ruff format --quiet --check
	$(BIN)/mypy --no-error-summary
	@# exhaustive: a new module must find its place in pyproject.toml
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/codespell
	$(BIN)/flask forms check
	$(BIN)/flask reports check

fix: setup ## format, and mend what is safe to mend
	$(BIN)/ruff format
	$(BIN)/ruff check --fix
	$(BIN)/ruff format --quiet

forms: setup ## check every form, report and translation; name what is wrong and where
	$(BIN)/flask forms check
	$(BIN)/flask reports check
	$(BIN)/flask texts check

texts: setup ## merge the interface's texts, list what is missing or stale (make texts l=fr begins fr)
	@.ci/texts $(l)

migration: setup ## write a migration: make migration m="add review deadline"
	@test -n "$(m)" || { echo 'say what it does: make migration m="add review deadline"'; exit 2; }
	$(BIN)/flask db upgrade
	$(BIN)/flask db revision --autogenerate -m "$(m)"

lock: setup ## requirements.in to requirements.txt, with hashes
	$(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-emit-index-url \
	  --no-emit-find-links --exclude-newer "$$(date -u -d '7 days ago' +%F)" \
	  --python-version 3.11 --output-file requirements.txt requirements.in

snapshots: setup ## accept changed snapshots; look at them first
	$(BIN)/pytest --snapshot-update -n 2

setup:
	@.ci/setup
