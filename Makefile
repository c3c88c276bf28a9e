# `make help` lists what there is. All set-up lies in .ci/setup; make only calls it.
.DEFAULT_GOAL := help
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest -q

.PHONY: help setup setup-test run test test-fast lint types check format texts soak bench conformance locks clean

help: ## What can be made
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST) | expand -t 24

setup:
	@.ci/setup run
setup-test:
	@.ci/setup test

run: setup ## Set up what is missing, then start: web and worker on http://127.0.0.1:8000, with demo data
	@DEMO=$${DEMO-1} exec $(BIN)/qihang run

# Both groups and the checks are run whatever fails before; the last lines are pytest's.
test: setup-test ## Everything: the checks, then all tests; brings Chromium and PostgreSQL
	@failed=; \
	$(MAKE) --no-print-directory -k check || failed=yes; \
	$(PYTEST) -n 2 --dist worksteal -m "not browser and not slow" || failed=yes; \
	$(PYTEST) -m "browser and not slow" || failed=yes; \
	test -z "$$failed"

test-fast: setup-test ## Tests without browser, as far as they take seconds
	$(PYTEST) -n 2 --dist worksteal -m "not browser and not slow"

check: lint types imports templates content ## Style, types, directions of imports, templates, content

lint: ## ruff
	$(BIN)/ruff check -q .

types: ## mypy, strict on engine/
	$(BIN)/mypy

.PHONY: imports templates content
imports: ## import-linter: who may import whom
	$(BIN)/lint-imports --no-logo

templates: ## djlint
	$(BIN)/djlint --quiet --lint admin/templates reports/layouts

content: ## The shipped processes and forms, by the checker that publishing uses
	DEMO=1 $(BIN)/qihang check processes forms

format: ## Let ruff lay out the code
	$(BIN)/ruff check -q --fix . ; $(BIN)/ruff format -q .

# msgids are the Chinese texts; what is new stands in messages.po without a translation until somebody writes it
texts: ## Collect the program's texts for translation into English
	@mkdir -p var
	$(BIN)/pybabel -q extract -F admin/translations/babel.cfg -k lazy_gettext -k _l --no-wrap --sort-output --no-location --omit-header -o var/messages.pot .
	$(BIN)/pybabel -q update -i var/messages.pot -d admin/translations -D messages --no-wrap --no-fuzzy-matching --ignore-obsolete --omit-header

# One after another, each whatever became of the one before.
soak: setup-test ## The long runs: random diagrams, killed processes, hostile expressions; an hour
	@failed=; \
	$(PYTEST) -m slow -s --timeout=0 || failed=yes; \
	$(BIN)/python -m tests.engine.feel.fuzz 50000 || failed=yes; \
	test -z "$$failed"

bench: setup-test ## Figures beside their targets
	$(BIN)/python -m tests.bench.run

# make conformance TCK=<folder of the DMN TCK's TestCases>
conformance: setup-test ## FEEL and DMN against the standard's test cases
	$(BIN)/python -m tests.conformance.run $(if $(TCK),--tck $(TCK))

# After a change of dependencies. Give no index options: a lock names no host.
COMPILE := .tools/py/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
locks: setup ## Resolve pyproject.toml into locks/ again
	$(COMPILE) pyproject.toml -o locks/run.txt
	$(COMPILE) pyproject.toml --group test -c locks/run.txt -o locks/test.txt

clean: ## Remove what set-up and tests made; var/ (database, files) stays
	rm -rf .venv .tools admin/frontend/node_modules admin/static/dist build *.egg-info
	find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +
