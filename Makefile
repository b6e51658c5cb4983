# The commands of the monitor. `make monitor` is all a new user needs; `make help` lists the others.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
UNIT := $(addprefix tests/,readers record report protection validations/test_contracts.py validations/test_progress.py)
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" pyproject.toml
export DAGSTER_HOME ?= $(CURDIR)/data/dagster
# Telemetry of dbt, Great Expectations and Dagster is off here, in dagster.yaml and in the code.
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export GX_ANALYTICS_ENABLED := False
export DO_NOT_TRACK := 1

.PHONY: help monitor demo test test-unit ui check bench docs wheel lock clean
.DEFAULT_GOAL := help

help: ## show these commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

monitor: $(BIN)/.ready ## install, make a demo if there are no deliveries, run one night
	@$(BIN)/meerdoen demo --als-leeg
	@$(BIN)/meerdoen refresh

test: $(BIN)/.ready-dev ## run the tests; what needs an absent part is skipped with the reason
	@$(BIN)/python -m pytest -q -n 2 --dist loadscope

test-unit: $(BIN)/.ready-dev ## the tests of single rooms that need no night, no server and no dbt: under a minute
	@$(BIN)/python -m pytest -q -n 2 --dist loadscope tests/test_rooms.py $(UNIT)

ui: $(BIN)/.ready ## open Dagster on http://127.0.0.1:3000
	@mkdir -p "$(DAGSTER_HOME)" && chmod 700 "$(DAGSTER_HOME)"
	@test -e "$(DAGSTER_HOME)/dagster.yaml" || cp dagster.yaml "$(DAGSTER_HOME)/dagster.yaml"
	@$(BIN)/dagster dev -w workspace.yaml -h 127.0.0.1 -p 3000

check: $(BIN)/.ready-dev ## format, lint, types, SQL, dbt parse and definitions; changes nothing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/python -m orchestration.dbt.project
	MEERDOEN_WERK=$$(mktemp -d) $(BIN)/sqlfluff lint dbt_project/models
	$(BIN)/dbt-score lint --manifest dbt_project/target/manifest.json --show failing-items
	DAGSTER_HOME= $(BIN)/dg check defs

bench: $(BIN)/.ready-dev ## measure speed and memory; prints a table
	@$(BIN)/python -m tests.bench

docs: $(BIN)/.ready ## write the delivery guides from the contracts, and the pages that are made of code
	@$(BIN)/python -m assets.guides.delivery
	@$(BIN)/python -m assets.guides.dictionary
	@$(BIN)/python -m assets.guides.exposures
	@$(BIN)/python -m tests.test_faults

wheel: $(BIN)/.ready ## make the file that owners of registrations install to try a delivery before sending
	@$(BIN)/pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation -w dist .
	@rm -rf build && ls dist/*.whl

lock: $(BIN)/.ready-dev ## resolve the dependencies anew, for running and for tests; the locks name no download host
	$(COMPILE) --extra nacht --extra install --output-file requirements.lock
	$(COMPILE) --extra nacht --extra install --extra dev --constraints requirements.lock --output-file requirements-dev.lock

clean: ## remove the environment and what dbt built; deliveries and editions stay
	rm -rf .venv dbt_project/target dbt_project/logs

$(BIN)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
		|| (echo "Python 3.11, 3.12 of 3.13 is nodig; gebruik: make PYTHON=/pad/naar/python3.11" && false)
	@echo "De omgeving .venv wordt gemaakt: ruim 1 GB op schijf, de eerste keer 1 tot 5 minuten (vooral ophalen) …"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m orchestration.installing requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# What tests and checks need beside it, in the same versions.
$(BIN)/.ready-dev: $(BIN)/.ready requirements-dev.lock
	@echo "Wat tests en controles nodig hebben komt erbij: nog ongeveer 0,7 GB en 1 tot 3 minuten …"
	@$(BIN)/python -m orchestration.installing requirements-dev.lock
	@touch $@
