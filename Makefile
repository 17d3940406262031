# The front door. Each target is a script in eng/; `make help` lists them.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test bench lint build clean packages

# unit | datapath | netns | all
TIER ?= all
CONFIGURATION ?= Release
# Subset | NuGet: where Akka.NET comes from (docs/actors.md)
AkkaSource ?= Subset
export TIER CONFIGURATION AkkaSource

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: packages ## Build, balance real requests between namespaces and show a failover (root; ONCE=1 ends by itself)
	@eng/demo.sh

test: packages ## Run the tests (TIER=unit|datapath|netns|all; LB_NO_SKIP=1 makes a skip a failure)
	@eng/test.sh

bench: packages ## Measure ns per packet and table build time (root)
	@eng/bench.sh

lint: packages ## Check style, formatting, shell scripts and the tree; warnings are errors
	@eng/lint.sh

build: packages ## Build everything
	@eng/build.sh Lb.sln

packages: ## Install the Debian packages that are missing (root) or say which
	@eng/install-packages.sh

clean: ## Remove what builds and tests left
	@rm -rf artifacts
