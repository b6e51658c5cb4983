# The commands of the monitor. `make monitor` is all a new user needs; `make help` lists the others.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
export DAGSTER_HOME ?= $(CURDIR)/data/dagster
# Telemetry of dbt, Great Expectations and Dagster is off here, in dagster.yaml and in the code.
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export GX_ANALYTICS_ENABLED := False
export DO_NOT_TRACK := 1

.PHONY: help monitor demo test ui check bench docs lock clean
.DEFAULT_GOAL := help

help: ## show these commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

monitor: $(BIN)/.ready ## install, make a demo if there are no deliveries, run one night
	@$(BIN)/meerdoen demo --als-leeg
	@$(BIN)/meerdoen refresh

test: $(BIN)/.ready ## run the tests; what needs an absent part is skipped with the reason
	@$(BIN)/python -m pytest -q -n 2 --dist loadscope

ui: $(BIN)/.ready ## open Dagster on http://127.0.0.1:3000
	@mkdir -p $(DAGSTER_HOME) && chmod 700 $(DAGSTER_HOME) && cp dagster.yaml $(DAGSTER_HOME)/dagster.yaml
	@$(BIN)/dagster dev -w workspace.yaml -h 127.0.0.1 -p 3000

check: $(BIN)/.ready ## format, lint, types, SQL, dbt parse and definitions; changes nothing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/python -m orchestration.dbt
	MEERDOEN_WERK=$$(mktemp -d) $(BIN)/sqlfluff lint dbt_project/models
	DAGSTER_HOME= $(BIN)/dg check defs

bench: $(BIN)/.ready ## measure speed and memory; prints a table
	@$(BIN)/python -m tests.bench

docs: $(BIN)/.ready ## write the delivery guides from the contracts
	@$(BIN)/python -m assets.intake.guide

lock: ## resolve the dependencies anew; the lock names no download host
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras \
		--no-emit-index-url --no-emit-find-links --extra dev --custom-compile-command "make lock" \
		pyproject.toml --output-file requirements.lock

clean: ## remove the environment and what dbt built; deliveries and editions stay
	rm -rf .venv dbt_project/target dbt_project/logs

$(BIN)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
		|| (echo "Python 3.11, 3.12 of 3.13 is nodig; gebruik: make PYTHON=/pad/naar/python3.11" && false)
	@echo "De omgeving .venv wordt gemaakt; dat duurt de eerste keer een paar minuten …"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
