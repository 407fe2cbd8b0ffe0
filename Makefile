# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0

COLLECTION := ansible_collections/nitrox/netscaler
PIP := .venv/bin/python -m pip install --quiet --disable-pip-version-check
export PATH := $(CURDIR)/.venv/bin:$(PATH)
# An active environment of somebody else's must not leak into ours.
unexport VIRTUAL_ENV
unexport PYTHONPATH
# Without compiled files every start of Ansible takes twice as long.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo demo-cluster test lint sanity faults pulumi-cli e2e bench docs clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: .venv/demo.stamp ## One playbook provisions an HTTPS frontend on the simulator, twice; then drift, then an unreachable box
	@playbooks/demo/run

test: lint ## All checks and tests; makes .venv first
	pytest -n 2 --dist worksteal
	$(MAKE) --no-print-directory sanity

lint: .venv/dev.stamp ## Formatting, types, licences, Ansible's production profile
	ruff check .
	ruff format --check .
	mypy
	reuse lint --quiet || reuse lint --lines
	ansible-lint --offline -q

sanity: .venv/dev.stamp ## ansible-test sanity and the lint of the collection's documentation
	tests/ansible/run-sanity
	cd $(COLLECTION) && antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs self .
	cd $(COLLECTION) && antsibull-changelog lint

faults: .venv/dev.stamp ## Random schedules of faults: make faults FAULTS=10000 SEED=7
	FAULTS=$(or $(FAULTS),1000) SEED=$(or $(SEED),$(shell date +%s)) pytest -n 0 --timeout 0 tests/faults

pulumi-cli: .venv/dev.stamp ## Build Pulumi's own command line with Go, once, into a cache outside the tree (about 10 minutes)
	python -m tests.pulumi.cli

demo-cluster: .venv/demo.stamp ## From an empty cloud to a balanced Docker Swarm of real nodes, and back to nothing (root on Linux)
	@playbooks/demo_cluster/run

e2e: .venv/dev.stamp ## The long suite: packages in clean places, ansible-test integration, the real Pulumi engine, real nodes
	python -m tests.pulumi.cli --optional
	pytest -n 2 --dist loadfile --durations 25 -m e2e tests/e2e tests/pulumi tests/cloudstack tests/roles tests/roles_cloudstack

bench: .venv/dev.stamp ## Print the numbers of the README, each against a baseline in the same run
	python -m tests.bench

docs: .venv/dev.stamp ## Build the collection's documentation as HTML in build/docs/build/html
	rm -rf build/docs && mkdir -p build && mkdir -m 700 build/docs
	antsibull-docs sphinx-init --use-current --dest-dir build/docs --collection-version=0 --sphinx-theme alabaster nitrox.netscaler
	sed -i 's/ -W --keep-going//' build/docs/build.sh # references to Ansible's own documentation lead nowhere here
	build/docs/build.sh

clean: ## Remove the environment, builds and caches
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .ansible .cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@python=$$(.ci/python) && echo "making .venv with $$python" && "$$python" -m venv --clear .venv

.venv/demo.stamp: pyproject.toml | .venv/bin/python
	@echo "installing nitrox and Ansible into .venv (a minute or so)"
	@$(PIP) -e '.[ansible,simulator]'
	@touch $@

.venv/dev.stamp: pyproject.toml | .venv/bin/python
	@echo "installing nitrox, Ansible and the test tools into .venv (a minute or two)"
	@$(PIP) -e '.[ansible,simulator,clients,dev]'
	@touch .venv/demo.stamp $@
