# All development tasks. `make` alone lists them.

VENV := .venv
UV := $(VENV)/bin/uv
COMPILE := $(UV) pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11
TESTS ?= tests
# If the system supports it, the demo stops when make is killed.
TETHER := $(shell command -v setpriv >/dev/null && echo setpriv --pdeathsig TERM)
# Some containers disable bytecode files. Then each process compiles all its imports: 2 s more each.
unexport PYTHONDONTWRITEBYTECODE

MAKEFLAGS += --no-builtin-rules --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup javascript demo test soak fuzz chaos check check-format check-lint check-types check-imports contract \
	check-http check-migrations format schema mails authorisation migration lock graphiql mutants bench-mail \
	bench-mail-latency bench-uploads bench-graph bench-documents clean

help: ## List all targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

## Setup: each step leaves a stamp file, so that it is not repeated.

setup: $(VENV)/.packages ## Install what is missing: virtual environment, uv, packages, servers

$(VENV)/.made:
	@.ci/make-environment $(VENV)
	@touch $@

$(VENV)/.uv: requirements/bootstrap.txt | $(VENV)/.made
	@echo "· Installing uv"
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@

$(VENV)/.packages: requirements/development.txt pyproject.toml $(VENV)/.uv
	@echo "· Installing the packages of requirements/development.txt"
	@$(UV) pip sync --quiet --require-hashes --python $(VENV)/bin/python $<
	@echo "· Installing the command econtracting"
	@$(UV) pip install --quiet --python $(VENV)/bin/python --no-deps --no-build-isolation --editable .
	@touch $@

# JavaScript packages of the tests; without Node those tests are skipped.
JAVASCRIPT := tests/javascript/node_modules/.packages

javascript: $(if $(shell command -v npm),$(JAVASCRIPT))

$(JAVASCRIPT): tests/javascript/package-lock.json
	@echo "· Installing the packages of tests/javascript"
	@cd tests/javascript && npm ci --silent --no-audit --no-fund
	@touch $@

## Running.

demo: setup ## Run everything on this machine, with demo people and data (PORT, DATA_DIR)
	@exec $(TETHER) $(VENV)/bin/econtracting demo

test: setup javascript ## Run every test (TESTS=tests/local for some)
	@$(VENV)/bin/python -m pytest -n 2 --dist worksteal --durations 15 $(TESTS)

soak: setup ## Load a running stack for SECONDS (60) while its processes and servers restart, and check that nothing was lost
	@SOAK=1 $(VENV)/bin/python -m pytest -q tests/chaos/test_soak.py -k long

# The same seed generates the same operations.
FUZZ_SEED ?= $(shell date +%s)
fuzz: setup ## Send hostile values to every input, and thousands of random operations (FUZZ_SEED to repeat a run)
	@echo "FUZZ_SEED=$(FUZZ_SEED)"
	@FUZZ=1 $(VENV)/bin/python -m pytest -q -n 2 --dist worksteal --hypothesis-seed=$(FUZZ_SEED) tests/hostile

# The long run, and the tests that use fewer examples in `make test`.
LONG_RUN := test_no_mail_is_lost_in_a_long_run
LONG_TESTS := tests/end_to_end/test_killed_worker.py tests/domain/test_routing_random.py

chaos: setup ## Send 2,000 mails while workers are killed and servers fail, and check that none was lost (CHAOS_SEED for another run)
	@CHAOS=1 $(VENV)/bin/python -m pytest -q tests/chaos/test_chaos_run.py::$(LONG_RUN) $(LONG_TESTS)

check: check-format check-lint check-types check-imports contract check-migrations ## Run all static checks: format, lint, types, imports, contract, migrations

check-format: setup ## Check the formatting
	@.ci/step "format" $(VENV)/bin/ruff format --quiet --check .

check-lint: setup ## Run the linter
	@.ci/step "lint" $(VENV)/bin/ruff check --quiet .

check-types: setup ## Check the types
	@.ci/step "types" $(VENV)/bin/mypy --no-error-summary

check-imports: setup ## Check the import directions
	@.ci/step "imports" $(VENV)/bin/lint-imports --no-cache --no-logo

contract: setup ## Check the schema against the contract, the screens' operations, and the published schema
	@.ci/step "contract" $(VENV)/bin/python -m gql.contract.check

check-http: setup javascript ## Run the audits of GraphQL over HTTP (needs Node)
	@.ci/step "http" $(VENV)/bin/python -m pytest -q tests/end_to_end/test_graphql_over_http.py

check-migrations: setup ## Check that the migrations produce the models' tables
	@.ci/step "migrations" $(VENV)/bin/python -m domain.database.migrations_check

## Changing.

format: setup ## Format the code and apply the linter's automatic fixes
	@$(VENV)/bin/ruff format .
	@$(VENV)/bin/ruff check --fix .

schema: setup ## Regenerate the published schema, gql/schema.graphql
	@$(VENV)/bin/python -m gql.contract.check --write

mails: setup ## Render every mail in every language into docs/mails (screenshots need Chromium)
	@$(VENV)/bin/python -m tests.mail_templates.gallery

authorisation: setup ## Regenerate docs/authorisation.md, who may read and do what, from the tests
	@REFRESH_GOLDEN=1 $(VENV)/bin/python -m pytest -q tests/authorisation -k "the_table_says"

migration: setup ## Generate a migration from the models, to be completed by hand
	@$(VENV)/bin/python -m domain.database.migrations_check --write

lock: $(VENV)/.uv ## Upgrade the locked dependencies to the newest versions that pyproject.toml allows
	@echo "· Locking requirements/"
	@$(COMPILE) --upgrade --group bootstrap -o requirements/bootstrap.txt
	@$(COMPILE) --upgrade pyproject.toml --extra local -o requirements/production.txt
	@$(COMPILE) --upgrade pyproject.toml --extra local --group dev -c requirements/production.txt -o requirements/development.txt

graphiql: ## Build GraphiQL from frontend/ into gql/static/graphiql (needs node and npm)
	@cd frontend && npm ci && npm run build

bench-mail: setup ## Benchmark mails per second of one worker, compared with other ways (MAILS, ROUNDS, PENDING)
	@$(VENV)/bin/python -m bench.mail_throughput

bench-mail-latency: setup ## Benchmark the latency from deliverDocument to the Maildir, and the idle worker
	@$(VENV)/bin/python -m bench.mail_latency

bench-uploads: setup ## Benchmark 20 concurrent files of 100 MB, up and down, and the API's memory (FILES, MEGABYTES)
	@$(VENV)/bin/python -m bench.uploads

mutants: setup ## Mutation-test every visibility rule in the engine's statements (ONLY="world5 and Contract" for some)
	@$(VENV)/bin/python -m pytest -q -n 2 --dist worksteal tests/gql/reading/mutants.py $(if $(ONLY),-k "$(ONLY)")

bench-graph: setup ## Benchmark the graph against hand-written SQL on a large data set (ASK="--rounds 1" for less)
	@$(VENV)/bin/python -m bench.graph $(ASK)

bench-documents: setup ## Measure memory of API and PostgreSQL over 100,000 distinct documents (ASK="--documents 5000")
	@$(VENV)/bin/python -m bench.graph.documents $(ASK)

clean: ## Remove everything generated, including the demo's data
	rm -rf $(VENV) .local .cache *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
