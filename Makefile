# SPDX-License-Identifier: GPL-2.0-only
#
# The default target prints the help and installs no packages.

SHELL := /bin/sh
.SHELLFLAGS := -eu -c
.ONESHELL:
.DEFAULT_GOAL := help
.PHONY: help prepare prepare-vm swift headers build doctor run vm test-build test fuzz bench-build bench docs lint clean

SWIFT ?= swift
OUT ?= abi-compare-report
PROFILE ?= quick
RUNS ?= 10000000
BENCH ?=

# SwiftPM reads .pc files itself and asks pkg-config only for their directories; without pkg-config it needs
# PKG_CONFIG_PATH.
pc_dirs = /usr/lib*/pkgconfig /usr/lib/*/pkgconfig /usr/local/lib/pkgconfig
with_pc = path=$${PKG_CONFIG_PATH-}; \
	for dir in $(pc_dirs); do if [ -e "$$dir/lttng-ust.pc" ]; then path="$${path:+$$path:}$$dir"; fi; done; \
	export PKG_CONFIG_PATH="$$path"

help:
	@printf '%s\n' \
		'make run     run the study with the quick profile and write $(OUT)/report.md' \
		'             (PROFILE=standard or thorough, OUT=directory)' \
		'make vm      run the study in a virtual machine whose kernel has both lttng-modules and tracefs' \
		'             (same variables as make run)' \
		'make test    build all products and run the tests' \
		'make fuzz    fuzz both decoders, guided by coverage (RUNS=$(RUNS) each)' \
		'make bench   compare the read loops and decoders with C and check the limits' \
		'             (BENCH="--seed N loops decoding programs recording", or BENCH=--check)' \
		'make build   build the release products' \
		'make doctor  list the back ends that can run here, and the remedy for the others' \
		'make docs    generate Docs/claims.md from the catalogue of claims' \
		'make lint    check the format of the Swift sources' \
		'make clean   remove build products; keep reports' \
		'' \
		'run, vm, test, bench, build, docs and doctor first install missing Debian packages, as root or through sudo.'

# Installs missing packages only; tests for the file or command, not for the package.
prepare:
	@found() { for file in "$$@"; do if [ -e "$$file" ]; then return 0; fi; done; return 1; }
	missing=
	{
		found /usr/include/lttng/tracepoint.h /usr/include/*/lttng/tracepoint.h /usr/local/include/lttng/tracepoint.h &&
			found /usr/lib*/liblttng-ust-ctl.so.[56] /usr/lib/*/liblttng-ust-ctl.so.[56] \
				/usr/local/lib/liblttng-ust-ctl.so.[56]
	} || missing="$$missing liblttng-ust-dev"
	command -v pkg-config > /dev/null || missing="$$missing pkg-config"
	command -v git > /dev/null || missing="$$missing git"
	command -v babeltrace2 > /dev/null || missing="$$missing babeltrace2"
	command -v trace-cmd > /dev/null || missing="$$missing trace-cmd"
	command -v perf > /dev/null || missing="$$missing linux-perf"
	found /usr/lib/*/libbpf.so.1 || missing="$$missing libbpf1"
	if [ -z "$$missing" ]; then exit 0; fi

	give_up() {
		echo "make: $$1" >&2
		echo "make: missing Debian packages:$$missing" >&2
		echo "make: continuing: without LTTng-UST its back end is skipped, without a tool its cross-checks." >&2
		exit 0
	}
	command -v apt-get > /dev/null || give_up "apt-get is missing: install the packages by hand."
	as_root=
	if [ "$$(id -u)" -ne 0 ]; then
		command -v sudo > /dev/null || give_up "installing packages needs root, and sudo is missing."
		as_root=sudo
		# Without a terminal sudo cannot ask for a password.
		if [ ! -t 0 ]; then as_root="sudo -n"; fi
	fi
	install() {
		$$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $$missing
	}
	echo "make: installing$$missing"
	if found /var/lib/apt/lists/*_Packages*; then
		# Old package lists may name removed versions.
		install || { $$as_root apt-get update && install; } || give_up "apt-get failed to install them."
	else
		{ $$as_root apt-get update && install; } || give_up "apt-get failed to install them."
	fi

swift:
	@command -v $(SWIFT) > /dev/null || {
		echo "make: '$(SWIFT)' is not on the PATH; install Swift 6.3: https://www.swift.org/install/linux/" >&2
		exit 1
	}

# The sources look for LTTng's headers with __has_include: the build does not notice an added or removed header, and
# SwiftPM keeps its plan with the old link flags. A stamp file records the headers found; if it changes, the dependent
# objects and the plans are removed.
headers: prepare
	@stamp=.build/lttng-headers
	mkdir -p .build
	for root in /usr/include /usr/include/* /usr/local/include; do
		for file in lttng/ust-ctl.h lttng/ust-version.h lttng/tracepoint.h urcu/list.h; do
			if [ -e "$$root/$$file" ]; then cksum "$$root/$$file"; fi
		done
	done > $$stamp.new
	for dir in $(pc_dirs); do
		if [ -e "$$dir/lttng-ust.pc" ]; then cksum "$$dir/lttng-ust.pc"; fi
	done >> $$stamp.new
	if cmp -s $$stamp $$stamp.new; then
		rm $$stamp.new
	else
		rm -rf .build/*/*/CLTTngUST.build .build/*/*/abi_compare_producer.build Benchmarks/.build/*/*/CLTTngUST.build
		rm -f .build/*/*/abi-compare-producer .build/debug.yaml .build/release.yaml Benchmarks/.build/release.yaml
		mv $$stamp.new $$stamp
	fi

build: swift headers
	@$(with_pc)
	$(SWIFT) build -c release

doctor: build
	.build/release/abi-compare doctor

run: build
	@report=$$(.build/release/abi-compare run --profile $(PROFILE) --out $(OUT)) && status=0 || status=$$?
	if [ -n "$$report" ]; then
		echo "Report:  $$report"
		echo "Results: $(OUT)/results.json"
	fi
	exit $$status

# Packages for QEMU and for the build of an image, besides those above; the program itself reports other missing ones.
prepare-vm:
	@missing=
	for pair in qemu-system-x86_64:qemu-system-x86 make:make gcc-12:gcc-12 strip:binutils zstd:zstd; do
		command -v "$${pair%%:*}" > /dev/null || missing="$$missing $${pair#*:}"
	done
	if [ -z "$$missing" ] || ! command -v apt-get > /dev/null; then exit 0; fi
	as_root=
	if [ "$$(id -u)" -ne 0 ]; then as_root="sudo -n"; fi
	echo "make: installing$$missing"
	install() { $$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $$missing; }
	install || { $$as_root apt-get update && install; } ||
		echo "make: continuing without$$missing; abi-compare vm reports the required ones." >&2

vm: build prepare-vm
	@report=$$(.build/release/abi-compare vm run --profile $(PROFILE) --out $(OUT)) && status=0 || status=$$?
	if [ -n "$$report" ]; then
		echo "Report:  $$report"
		echo "Results: $(OUT)/results.json"
	fi
	exit $$status

test-build: swift headers
	@$(with_pc)
	$(SWIFT) build --build-tests

test: test-build
	@if [ "$$(id -u)" -ne 0 ] && [ "$${ABI_COMPARE_ALLOW_SKIP-}" != 1 ]; then
		echo "make: the tests of the tracefs back end fail without root; ABI_COMPARE_ALLOW_SKIP=1 make test skips them." >&2
	fi
	$(with_pc)
	$(SWIFT) test --skip-build
	ABI_COMPARE_SOAK=200 $(SWIFT) test --skip-build --filter SoakTests

# Keeps libFuzzer's corpus for the next run. An input that breaks a rule, traps, reads out of bounds or exceeds the time
# limit is stored next to the corpus; to repeat the failure, run the program with this file as its argument.
fuzz: swift
	@cd Tests/Fuzzing
	$(SWIFT) build -c release --sanitize=fuzzer
	# Swift's backtracer would catch the signal of a trap, and libFuzzer would not store the input.
	export SWIFT_BACKTRACE=enable=no
	for program in fuzz-pages fuzz-packets; do
		found=.build/fuzz/$$program
		mkdir -p $$found/corpus
		FUZZ_SEEDS=$$found/corpus .build/release/$$program
		.build/release/$$program -runs=$(RUNS) -timeout=10 -max_len=4100 -print_final_stats=1 \
			-artifact_prefix=$$found/ $$found/corpus
	done

# Builds the producers from this package and the timed programs from the package in Benchmarks.
bench-build: swift headers
	@$(with_pc)
	for producer in abi-compare-marker-writer abi-compare-producer abi-compare-probed-writer; do
		$(SWIFT) build -c release --product $$producer
	done
	$(SWIFT) build -c release --package-path Benchmarks

bench: bench-build
	@ABI_COMPARE_PRODUCERS=$(CURDIR)/.build/release Benchmarks/.build/release/abi-compare-bench $(BENCH)

docs: build
	@.build/release/abi-compare list --markdown > Docs/claims.md.new
	mv Docs/claims.md.new Docs/claims.md

lint: swift
	$(SWIFT) format lint --strict -r Package.swift Sources Tests Examples Benchmarks

clean:
	rm -rf .build Tests/Fuzzing/.build Benchmarks/.build
