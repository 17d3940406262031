# The front door. Each target is a script in eng/; `make help` lists them.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test akka bench lint docs build install uninstall clean packages

# 3: the demo has three nodes
CLUSTER ?=
# unit | datapath | netns | all
TIER ?= all
# packets | tables | actors | relays | mesh | replication | cluster | scale | failover | all
BENCH ?= all
CONFIGURATION ?= Release
# Subset | NuGet: where Akka.NET comes from (docs/actors.md)
AkkaSource ?= Subset
# Where install puts things; DESTDIR stands before every path (eng/install.sh)
PREFIX ?= /usr/local
DESTDIR ?=
export CLUSTER TIER BENCH CONFIGURATION AkkaSource PREFIX DESTDIR

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: packages ## Build, balance real requests between namespaces and show failovers (root; ONCE=1 ends by itself; CLUSTER=3: three nodes behind a router, ANNOUNCE=arp: on one segment)
	@eng/demo$(if $(CLUSTER),-cluster).sh

test: packages ## Run the tests (TIER=unit|datapath|netns|all; LB_NO_SKIP=1 makes a skip a failure)
	@eng/test.sh

akka: packages ## Hold the subset and Lb (TIER=…) to the official Akka.NET packages, where restore can have them
	@eng/akka.sh

bench: packages ## Measure packets, live frames, CPUs, tables, actors, relays, traffic of nodes (BENCH=packets|live|spread|tables|actors|relays|mesh|replication|cluster|scale|failover|all; root but for actors)
	@eng/bench.sh

lint: packages ## Check style, formatting, shell scripts and the tree; warnings are errors
	@eng/lint.sh

docs: packages ## Write what is generated: manuals, completion, the list of log events
	@eng/docs.sh

build: packages ## Build everything
	@eng/build.sh Lb.sln

install: packages ## Build lbd and pbm and install them with manuals, completion and unit (PREFIX=/usr/local, DESTDIR=)
	@eng/install.sh install

uninstall: ## Remove what install put there; site files and journals stay
	@eng/install.sh uninstall

packages: ## Install the Debian packages that are missing (root) or say which
	@eng/install-packages.sh

clean: ## Remove what builds and tests left
	@rm -rf artifacts
