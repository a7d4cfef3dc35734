# `make up` and `make test` are the two commands of the README: each sets up whatever the machine lacks.
# Long stories are scripts in deploy/setup; this file names them and their order.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# Everything that may be made again lives outside the checkout.
export CREEL_CACHE ?= $(HOME)/.cache/creel
export CARGO_TARGET_DIR ?= $(CREEL_CACHE)/target
# Incremental output is dead weight where each build is the first.
export CARGO_INCREMENTAL ?= $(if $(CI),0,1)
# rustup's own directory, for shells that never read its profile.
export PATH := $(PATH):$(HOME)/.cargo/bin

# A stale lock file is mended in front of a developer and refused in CI.
LOCKED := $(if $(CI),--locked)

OPENCLAW ?= 2026.9.6
# The dev profile starts minutes sooner; RELEASE=1 for the real thing.
PROFILE := $(if $(RELEASE),release,dev)
CREEL := $(CARGO_TARGET_DIR)/$(if $(RELEASE),release,debug)/creel
SETUP := deploy/setup
# Arguments for `creel serve` (up, dev), e.g. ARGS="--config my.toml".
ARGS ?=
# Rounds of soak-crash.
ROUNDS ?= 20
# Runs of soak-cap, and the seed of the first.
RUNS ?= 50
SEED ?= 1

GENERATED := docs/openapi.json docs/config.schema.json docs/configuration.md

##@ Run
.PHONY: help up dev image setup ui build

help: ## this list
	@awk 'BEGIN { FS = ":.*## " } /^##@/ { printf "\n%s\n", substr($$0, 5) } /^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

up: setup build ## set up this machine, build, serve in the foreground; prints address and set-up code (RELEASE=1: optimised)
	@$(SETUP)/image.sh $(OPENCLAW) $(CREEL)
	@exec $(SETUP)/run.sh $(CREEL) serve $(ARGS)

dev: build ## serve with the fake driver: miniature agents on loopback, nothing of the host is touched
	@exec env CREEL_DRIVER__KIND=fake CREEL_DRIVER__FAKE_STEP_MS=$${CREEL_DRIVER__FAKE_STEP_MS:-300} $(CREEL) serve $(ARGS)

image: setup build ## build the OpenClaw image if absent (OPENCLAW=version, FORCE=1 builds again)
	@$(SETUP)/image.sh $(OPENCLAW) $(CREEL)

setup: ## install and start what `make up` needs, no more
	@$(SETUP)/packages.sh up
	@$(SETUP)/engine.sh

ui: ## build the console into ui/dist when its sources changed
	@$(SETUP)/ui.sh

build: ui
	@echo "==> building creel ($(PROFILE) profile)" >&2
	@cargo build $(LOCKED) --profile $(PROFILE) -p creel

##@ Prove
.PHONY: test test-quick test-setup e2e check generate generated fmt clippy rustdoc deny deny-if-there

test: test-setup ## set up this machine, then the whole suite on SQLite, then on Postgres
	@$(SETUP)/suite.sh

test-setup: ## the set-up of `make test` alone: packages, engine, image, Postgres, console, vendors' clients
	@$(SETUP)/packages.sh test
	@$(SETUP)/engine.sh
	@$(SETUP)/image.sh $(OPENCLAW)
	@$(SETUP)/postgres.sh >/dev/null
	@$(SETUP)/ui.sh
	@$(SETUP)/clients.sh

test-quick: ## unit and integration tests on SQLite, without engine, image or Postgres
	@$(SETUP)/clients.sh
	@if cargo nextest --version >/dev/null 2>&1; then \
	  CREEL_TEST_DATABASE=sqlite cargo nextest run --workspace -E 'not ((kind(test) & (package(creel-driver) | package(creel-openclaw))) | test(/(^|::)engine::/))'; \
	else CREEL_TEST_DATABASE=sqlite cargo test --workspace --lib --bins --test it -- --skip engine::; fi

e2e: test-setup ## the console in Chromium: every screen and state on the fake driver, the whole journey on the real engine (ARGS="-g name")
	@$(SETUP)/e2e.sh console engine $(ARGS)

check: fmt-check clippy rustdoc deny-if-there generated ui-check ## the cheap half of CI: format, lints, docs, licences, generated files

generate: build ## write docs/openapi.json, docs/config.schema.json, docs/configuration.md and the console's API types
	@$(SETUP)/generate.sh $(CREEL) docs
	@npm --prefix ui run --silent generate -- --output src/api/schema.d.ts >&2

# What is committed must be what the code says, and a failing check must not change the checkout.
generated: build
	@rm -rf $(CREEL_CACHE)/generated && $(SETUP)/generate.sh $(CREEL) $(CREEL_CACHE)/generated
	@for file in $(GENERATED); do diff -u $$file $(CREEL_CACHE)/generated/$${file#docs/} >&2 \
	  || { echo "!!! $$file is not what the code says. Run: make generate" >&2; exit 1; }; done
	@cd ui && npm run --silent generate -- --output $(CREEL_CACHE)/generated/schema.d.ts >/dev/null \
	  && diff -u src/api/schema.d.ts $(CREEL_CACHE)/generated/schema.d.ts >&2 \
	  || { echo "!!! ui/src/api/schema.d.ts is not what docs/openapi.json says. Run: make generate" >&2; exit 1; }
	@echo "==> generated files: up to date" >&2

fmt: ## format
	@cargo fmt --all

.PHONY: fmt-check
fmt-check:
	@cargo fmt --all --check && echo "==> fmt: clean" >&2

clippy: ## all lints, warnings denied
	@cargo clippy --workspace --all-targets $(LOCKED) -- -D warnings

.PHONY: ui-check
ui-check: ui ## the console's types, lint and unit tests
	@npm --prefix ui run --silent check >&2

rustdoc:
	@RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --document-private-items $(LOCKED) --quiet

deny: ## licences, bans, sources of every dependency (installs cargo-deny into the cache the first time: minutes)
	@$(SETUP)/deny.sh install

deny-if-there:
	@$(SETUP)/deny.sh

##@ Measure
.PHONY: bench-fleet bench-llm bench-console screenshots soak-crash

bench-fleet: setup ## create -> running against the raw Docker API; memory idle and with 1,000 fake instances
	@$(SETUP)/image.sh $(OPENCLAW)
	@$(SETUP)/run.sh $$(command -v cargo) bench $(LOCKED) -p creel --bench fleet

bench-llm: ## the llm proxy beside nginx: CPU, latency, streams, memory; one JSON line per figure (ARGS="--only A1,A3 --quick --with-litellm")
	@$(SETUP)/packages.sh bench
	@$(SETUP)/ui.sh
	@case " $(ARGS) " in *" --with-litellm "*) $(SETUP)/litellm.sh ;; esac
	@$(SETUP)/run.sh $$(command -v cargo) bench $(LOCKED) -p creel --bench llm -- $(ARGS)

bench-console: ui ## 500 agents x 90 days in Chromium: time until interactive, frames per second; one JSON line per figure
	@$(SETUP)/packages.sh test
	@$(SETUP)/e2e.sh bench --reporter=./e2e/bench/reporter.ts

screenshots: ui ## every screen at 390 and 1280 pixels, light and dark, into ui/screenshots
	@$(SETUP)/packages.sh test
	@$(SETUP)/e2e.sh look

soak-crash: test-setup ## the kill -9 tests again and again (ROUNDS=20), stops at the first failure
	@cargo test $(LOCKED) --quiet -p creel --test it -- --list crash | grep -q ': test$$' || { echo "!!! no test of crates/creel/tests/it is named crash" >&2; exit 1; }
	@for round in $$(seq $(ROUNDS)); do echo "==> round $$round of $(ROUNDS)" >&2; \
	  CREEL_TEST_DATABASE=sqlite $(SETUP)/run.sh $$(command -v cargo) test $(LOCKED) -p creel --test it -- --test-threads=1 crash || exit 1; done

soak-cap: ## 200 clients, five models, a $1.00 cap and a proxy that is killed again and again (RUNS=50, SEED=1): one JSON line a run
	@CREEL_SOAK_RUNS=$(RUNS) CREEL_SOAK_SEED=$(SEED) cargo test $(LOCKED) --quiet -p creel-proxy --test soak -- --exact --nocapture run::the_bill_is_never_above_the_cap

##@ Remove
.PHONY: clean uninstall

clean: ## remove build output, test Postgres and caches; instances and their data stay
	@$(SETUP)/postgres.sh remove
	@cargo clean --quiet
	@rm -rf $(addprefix "$(CREEL_CACHE)"/,image tools generated test-logs ui)
	@echo "==> removed the build output and the caches in $(CREEL_CACHE)" >&2

uninstall: ## remove every container, network, volume, image and file that Creel made, after asking (YES=1: without)
	@YES="$(YES)" $(SETUP)/uninstall.sh
