# Everything that a person or a script does here. `make` alone lists it.

VENV := .venv
UV := $(VENV)/bin/uv
CHECKED := . # what the linter and the formatter look at
COMPILE := $(UV) pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11
TESTS ?= tests
# Where the system can tell a program that its parent was killed, the demo stops when make is.
TETHER := $(shell command -v setpriv >/dev/null && echo setpriv --pdeathsig TERM)
# Some containers forbid Python to keep what it compiled. Then each process compiles all that it imports: 2 s more for each.
unexport PYTHONDONTWRITEBYTECODE

MAKEFLAGS += --no-builtin-rules --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup javascript demo test soak fuzz chaos check check-format check-lint check-types check-imports contract \
	check-http check-migrations format schema mails authorisation migration lock graphiql mutants bench-mail \
	bench-mail-latency bench-uploads bench-graph bench-documents clean

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

## Setting up: each step leaves a stamp, so that a second call does nothing over again.

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

# What the tests ask of JavaScript's public packages; without Node those tests are skipped.
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

soak: setup ## Use a running stack for SECONDS (60) while its processes and servers come and go, and open the books
	@SOAK=1 $(VENV)/bin/python -m pytest -q tests/chaos/test_soak.py -k long

# A seed gives the same operations again.
FUZZ_SEED ?= $(shell date +%s)
fuzz: setup ## Send everything nasty everywhere, and thousands of random operations (FUZZ_SEED for the same ones)
	@echo "FUZZ_SEED=$(FUZZ_SEED)"
	@FUZZ=1 $(VENV)/bin/python -m pytest -q -n 2 --dist worksteal --hypothesis-seed=$(FUZZ_SEED) tests/hostile

# Beside the long ordeal, the tests that look at few examples when they are run with all others.
ORDEAL := test_nothing_is_lost_in_a_long_ordeal
MANY := tests/end_to_end/test_killed_worker.py tests/domain/test_routing_random.py

chaos: setup ## Let everything go wrong while 2,000 mails are sent, and open the books (CHAOS_SEED for another course)
	@CHAOS=1 $(VENV)/bin/python -m pytest -q tests/chaos/test_ordeal.py::$(ORDEAL) $(MANY)

check: check-format check-lint check-types check-imports contract check-migrations ## Look for mistakes without running anything

check-format: setup ## Is everything formatted?
	@.ci/step "format" $(VENV)/bin/ruff format --quiet --check $(CHECKED)

check-lint: setup ## Does the linter find anything?
	@.ci/step "lint" $(VENV)/bin/ruff check --quiet $(CHECKED)

check-types: setup ## Do the types fit?
	@.ci/step "types" $(VENV)/bin/mypy --no-error-summary

check-imports: setup ## Do imports run one way?
	@.ci/step "imports" $(VENV)/bin/lint-imports --no-cache --no-logo

contract: setup ## Has the schema every name of the contract, none narrowed, every screen's operations, and is it the published one?
	@.ci/step "contract" $(VENV)/bin/python -m gql.contract.check

check-http: setup javascript ## Does the API pass every audit of GraphQL over HTTP? (needs Node)
	@.ci/step "http" $(VENV)/bin/python -m pytest -q tests/end_to_end/test_graphql_over_http.py

check-migrations: setup ## Do the migrations make what the models say?
	@.ci/step "migrations" $(VENV)/bin/python -m domain.database.migrations_check

## Changing.

format: setup ## Format the code, and mend what the linter can mend itself
	@$(VENV)/bin/ruff format $(CHECKED)
	@$(VENV)/bin/ruff check --fix $(CHECKED)

schema: setup ## Publish the schema that the code makes, in gql/schema.graphql
	@$(VENV)/bin/python -m gql.contract.check --write

mails: setup ## Write every mail in every language into docs/mails, as the tests hold them (pictures need Chromium)
	@$(VENV)/bin/python -m tests.mail_templates.gallery

authorisation: setup ## Write who reads and does what into docs/authorisation.md, as the tests find it
	@REFRESH_GOLDEN=1 $(VENV)/bin/python -m pytest -q tests/authorisation -k "test_what"

migration: setup ## Write what the models say and no migration makes as a new migration, to be completed by hand
	@$(VENV)/bin/python -m domain.database.migrations_check --write

lock: $(VENV)/.uv ## Choose the newest packages that pyproject.toml allows, and write them down with their hashes
	@echo "· Locking requirements/"
	@$(COMPILE) --upgrade --group bootstrap -o requirements/bootstrap.txt
	@$(COMPILE) --upgrade pyproject.toml --extra local -o requirements/production.txt
	@$(COMPILE) --upgrade pyproject.toml --extra local --group dev -c requirements/production.txt -o requirements/development.txt

graphiql: ## Build GraphiQL from frontend/ into gql/static/graphiql (needs node and npm)
	@cd frontend && npm ci && npm run build

bench-mail: setup ## Measure one worker's mails a second from a full outbox, beside other ways (MAILS, ROUNDS, PENDING)
	@$(VENV)/bin/python -m bench.mail_throughput

bench-mail-latency: setup ## Measure from deliverDocument to the Maildir, and the worker at rest
	@$(VENV)/bin/python -m bench.mail_latency

bench-uploads: setup ## Measure 20 files of 100 MB at once, up and down, and the API's memory (FILES, MEGABYTES)
	@$(VENV)/bin/python -m bench.uploads

mutants: setup ## Break every rule about who sees what in the engine's statements, and see that it shows (ONLY="world5 and Contract" for some)
	@$(VENV)/bin/python -m pytest -q -n 2 --dist worksteal tests/gql/reading/mutants.py $(if $(ONLY),-k "$(ONLY)")

bench-graph: setup ## Measure the graph beside hand-written SQL on a large data set (ASK="--rounds 1" for less)
	@$(VENV)/bin/python -m bench.graph $(ASK)

bench-documents: setup ## Ask 100,000 documents that differ, and tell what the API and PostgreSQL hold (ASK="--documents 5000")
	@$(VENV)/bin/python -m bench.graph.documents $(ASK)

clean: ## Remove everything that was made, the demo's data included
	rm -rf $(VENV) .local .cache *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
