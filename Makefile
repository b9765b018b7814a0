# `make` alone shows what there is. Each command first makes sure of what this machine lacks for it.
.DEFAULT_GOAL := help
FAULT_TESTS := ^MartletFaultTests
COMPUTING_TESTS := ^Martlet(Checks|Codegen|Messages|Schema)Tests
.PHONY: help run test check check-perf generate format examples bench bench-quick bench-messages bench-picks fuzz soak conformance docs

help: ## Show this list.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Build and run the example: two services that call each other, as a story.
	@scripts/require.sh example
	swift build --package-path Examples/UserService
	@swift run --skip-build --quiet --package-path Examples/UserService Story

test: ## Run all tests: the library's, the plugins', the example's.
	@scripts/require.sh test
	# Those that compute go first, and those that wait for a peer or a clock go one by one: beside others they would get
	# no thread in time.
	swift test --filter '$(COMPUTING_TESTS)'
	swift test --skip-build --no-parallel --skip '$(COMPUTING_TESTS)|$(FAULT_TESTS)'
	swift test --skip-build --filter '$(FAULT_TESTS)'
	swift test --package-path Tests/PluginPackage
	scripts/test-command-plugin.sh
	swift test --package-path Examples/UserService

check: ## Check format, warnings (as errors), generated code and scripts.
	@scripts/require.sh check
	@scripts/check.sh

generate: ## Generate the Swift code that is committed again, from Protos/.
	@scripts/require.sh build
	@scripts/generate.sh

format: ## Format all Swift code in place.
	@scripts/format.sh

examples: ## Run instances of a service under load: killed, drained, added, slowed; found by etcd, in memory, in DNS.
	@scripts/require.sh fleet
	swift build --package-path Examples/UserService
	@for registry in $$(command -v etcd >/dev/null && echo etcd) memory dns; do \
		swift run --skip-build --quiet --package-path Examples/UserService Fleet --registry $$registry || exit 1; \
		echo; \
	done

bench: ## Measure Martlet beside gRPC in C++, Go and Swift, ttrpc and raw bytes; tables, data and a picture.
	@scripts/require.sh bench
	cd Benchmarks && python3 -m compare $(BENCH)

bench-quick: ## The same in a minute, over what has been built before: what a change did.
	@scripts/require.sh check
	cd Benchmarks && python3 -m compare --quick $(BENCH)

check-perf: ## Count instructions and allocations of calls, and compare them with what they may cost.
	@scripts/require.sh counts
	cd Benchmarks && python3 -m counts $(COUNTS)

bench-messages: ## Measure writing and reading messages beside swift-protobuf and C, and draw it.
	@scripts/require.sh build
	Benchmarks/Messages/run.sh

bench-picks: ## Measure what it costs to choose the endpoint of a call, by each policy among 3, 100 and 1,000.
	@scripts/require.sh test
	MARTLET_MEASURE=1 swift test -c release -Xswiftc -enable-testing --filter PickCosts

fuzz: ## Feed mutated bytes to the wire, messages and .proto files, a minute each.
	@scripts/require.sh test
	Fuzz/run.sh

soak: ## Break connections, servers and rules for ten minutes, and show that nothing is left over.
	@scripts/require.sh test
	MARTLET_SOAK=1 swift test -c release -Xswiftc -enable-testing --filter '$(FAULT_TESTS)'

conformance: ## Run protobuf's conformance suite and gRPC's interoperability cases (Conformance/*.sh say what it takes).
	@scripts/require.sh conformance
	Conformance/run.sh
	Conformance/interop.sh

docs: ## Build the API documentation; `scripts/docs.sh --serve` shows it too.
	@scripts/require.sh build
	@scripts/docs.sh
