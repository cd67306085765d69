# SPDX-License-Identifier: GPL-2.0-only
#
# What people call; how the module is made of its objects is in Kbuild. "make help"
# prints the rest of this comment.
#
# Try and use it
#   make demo           the main job, shown in a throw-away virtual machine
#   make                the module, for KDIR
#   make tool           the tool, tools/acs-guard/acs-guard; needs no kernel headers
#   make install        the module, the tool, the manual, and what loads the module in
#                       time, into this machine
#   make uninstall      remove all of them
#   make deb            the Debian packages acs-guard and acs-guard-dkms, into debs/
#
# Change it
#   make lint           style, and what can be said of the source without running it
#   make analyze        cppcheck, clang-tidy and gcc -fanalyzer on the tool and the engine
#   make doc            the documentation as HTML, into build/doc/
#   make check-engine   the tests that need no kernel, in a minute; LONG=1: in full
#   make check          all tests, with their set-up; STRICT_SKIPS=1: a test that is
#                       skipped is a failure
#   make check-kernels  the same, and those of the machine on all three stock kernels
#   make check-arm64    the module and the tool in an arm64 machine, on 6.1 and 6.12
#   make check-rt       the machine on kernels with PREEMPT_RT
#   make check-builds   build the module for each architecture and flavour within reach
#   make check-emulated the engine and the tool, big-endian and with 32 bits, in QEMU's user
#                       mode
#   make check-deb      install, upgrade and purge the packages in a Debian tree, and boot
#                       from the initramfs that results (needs root); part of check
#
# Look for what the tests miss
#   make check-debug    the tests on kernels that find bugs by themselves
#   make check-faults   without memory: each allocation fails in turn
#   make memcheck       the tool under valgrind, on made-up machines and dumps
#   make fuzz           random bytes to every file of the guard's: WRITES=100000 SEED=n
#   make fuzz-native    what the tool reads, and the engine, fuzzed in user space for
#                       SECONDS=600 each
#   make soak           everything at once, at random: MINUTES=30 SEED=n
#   make coverage       how much of the module and of the tool the tests reach
#   make mutate         break each rule in turn: does a test notice?
#   make prove          prove properties of the engine and of the search for hidden
#                       functions, for all input within a bound, by a model checker;
#                       MUTANTS=1: does each proof notice a broken rule?
#
# All of the above
#   make check-all      .ci/run, which takes an hour, and what does not fit there:
#                       some nine hours
#
# Measure it
#   make bench          what the guard costs, in instructions: a table, bench/bench.csv
#                       and bench/bench.svg
#
# Clean up, and this text
#   make help           this text
#   make clean          remove what was built here
#   make distclean      remove the cache as well
#
# Variables
#   KDIR=...            build against these headers instead of those that scripts/lib/kdir finds
#   DESTDIR=...         install below this folder
#   prefix=...          where the tool and the manual go; default: /usr/local

# Looked for only by what needs it, and said in one line if there is none.
KDIR = $(or $(shell scripts/lib/kdir 2>/dev/null),$(error no kernel headers that \
	this machine can build for; run: sudo apt-get install linux-headers-amd64))

# The kernel's own name for itself; Debian's "make kernelrelease" says another.
RELEASE = $(or $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' \
	"$(KDIR)/include/generated/utsrelease.h" 2>/dev/null),$(error \
	$(KDIR) holds no kernel headers))

# kbuild takes a path with a blank for several.
ifneq ($(words $(CURDIR)),1)
$(error $(CURDIR): kbuild cannot build below a folder with a blank in its name)
endif

prefix = /usr/local
bindir = $(prefix)/bin
mandir = $(prefix)/share/man
completiondir = $(prefix)/share/bash-completion/completions
datadir = $(prefix)/share/acs-guard
modprobedir = $(prefix)/lib/modprobe.d
modulesloaddir = $(prefix)/lib/modules-load.d
unitdir = $(prefix)/lib/systemd/system
# These two look nowhere below /usr/local.
initramfsdir = /etc/initramfs-tools/hooks
dracutdir = /usr/lib/dracut/modules.d/90acs_guard

# What is installed beside the module: FILE:MODE:DESTINATION.
installed = \
	tools/acs-guard/acs-guard:755:$(bindir)/acs-guard \
	scripts/packaging/acs-guard.completion:644:$(completiondir)/acs-guard \
	scripts/packaging/libvirt-hook:755:$(datadir)/libvirt-hook \
	scripts/packaging/libvirt-metadata.rng:644:$(datadir)/libvirt-metadata.rng \
	scripts/packaging/prometheus-rules.yml:644:$(datadir)/prometheus-rules.yml \
	scripts/packaging/acs-guard-metrics.service:644:$(unitdir)/acs-guard-metrics.service \
	scripts/packaging/acs-guard-metrics.timer:644:$(unitdir)/acs-guard-metrics.timer \
	scripts/packaging/acs_guard-order.conf:644:$(modprobedir)/acs_guard-order.conf \
	scripts/packaging/modules-load.conf:644:$(modulesloaddir)/acs_guard.conf \
	scripts/packaging/initramfs-hook:755:$(initramfsdir)/acs_guard \
	scripts/packaging/dracut-module-setup.sh:755:$(dracutdir)/module-setup.sh \
	Documentation/acs_guard.4:644:$(mandir)/man4/acs_guard.4 \
	Documentation/acs-guard.8:644:$(mandir)/man8/acs-guard.8

.PHONY: all help tool demo check check-engine check-kernels check-arm64 check-rt check-builds
.PHONY: check-all check-emulated check-debug check-faults memcheck soak fuzz fuzz-native
.PHONY: coverage mutate prove bench lint analyze doc clean distclean
.PHONY: not-beside-package install install-files uninstall deb check-deb

all:
	$(MAKE) -C "$(KDIR)" M="$(CURDIR)" W=1 modules
	@[ "$(RELEASE)" = "$$(uname -r)" ] || \
		echo "acs_guard.ko is for kernel $(RELEASE); this machine runs $$(uname -r)"

help:
	@sed -n '/^# Try/,/^$$/s/^# \?//p' Makefile

tool:
	scripts/lib/deps tool
	$(MAKE) -C tools/acs-guard

demo:
	scripts/demo

check:
	scripts/check $(if $(STRICT_SKIPS),--strict-skips)

check-engine:
	scripts/check-engine $(if $(LONG),--long)

check-kernels:
	scripts/check $(addprefix --kernel ,$(shell scripts/lib/kernel --series))

check-arm64:
	scripts/check-flavour arm64

check-rt:
	scripts/check-flavour rt-amd64

check-builds:
	scripts/check-builds

check-emulated:
	scripts/check-emulated

memcheck:
	scripts/memcheck

check-all:
	scripts/lib/stages ci .ci/run lint 'make lint analyze' long 'make check-engine LONG=1' \
		loads "scripts/check --strict-skips --long --only '^90-unload'" \
		emulated 'make check-emulated' builds 'make check-builds' \
		arm64 'make check-arm64' rt 'make check-rt' \
		prove 'make prove' 'broken rules' 'make prove MUTANTS=1' \
		debug 'make check-debug' faults 'make check-faults' coverage 'make coverage' \
		memcheck 'make memcheck' fuzz 'make fuzz' fuzz-native 'make fuzz-native' soak 'make soak MINUTES=30' \
		mutate 'make mutate'

check-debug:
	scripts/check-debug

check-faults:
	tests/vm/faults

soak:
	tests/vm/soak $(if $(MINUTES),--minutes "$(MINUTES)") $(if $(SEED),--seed "$(SEED)")

fuzz:
	tests/vm/fuzz $(if $(WRITES),--writes "$(WRITES)") $(if $(SEED),--seed "$(SEED)")

fuzz-native:
	scripts/fuzz-native --seconds "$(or $(SECONDS),600)"

coverage:
	scripts/coverage

mutate:
	scripts/mutate

prove:
	scripts/prove $(if $(MUTANTS),--mutants)

bench:
	scripts/bench

lint:
	scripts/lint

analyze:
	scripts/lint cppcheck clang-tidy analyzer

doc:
	scripts/lib/deps doc
	sphinx-build -q -W --keep-going -d build/doctrees -b html Documentation build/doc
	@echo "build/doc/index.html"

initramfs_hint = echo "an initramfs stays as it was made; to make it anew:" \
	"update-initramfs -u (or dracut --force)"

# The packages have files of the same names; an uninstall would take them away.
not-beside-package:
	@[ -n "$(DESTDIR)" ] || ! dpkg-query -W -f '$${db:Status-Status}\n' \
		acs-guard acs-guard-dkms 2>/dev/null | grep -qx installed || { \
		echo "the packages acs-guard and acs-guard-dkms are installed;" \
			"run first: sudo apt-get purge acs-guard acs-guard-dkms" >&2; \
		exit 1; }

install: not-beside-package all
	$(MAKE) install-files
	install -D -m 644 acs_guard.ko \
		"$(DESTDIR)/lib/modules/$(RELEASE)/updates/acs_guard.ko"
	$(if $(DESTDIR),,depmod "$(RELEASE)")
	@$(if $(DESTDIR),,$(initramfs_hint))

install-files:
	$(MAKE) -C tools/acs-guard
	for entry in $(installed); do \
		file=$${entry%%:*}; rest=$${entry#*:}; \
		install -D -m "$${rest%%:*}" "$$file" "$(DESTDIR)$${rest#*:}" || exit; \
	done

# The module for whichever kernels it was installed; their headers may be gone.
uninstall: not-beside-package
	for module in "$(DESTDIR)"/lib/modules/*/updates/acs_guard.ko; do \
		[ -e "$$module" ] || continue; \
		rm -- "$$module" && echo "removed $$module"; \
		$(if $(DESTDIR),,release=$${module#/lib/modules/}; depmod "$${release%%/*}";) \
	done
	for entry in $(installed); do \
		file="$(DESTDIR)$${entry##*:}"; \
		[ ! -e "$$file" ] || { rm -- "$$file" && echo "removed $$file"; } \
	done
	for dir in "$(DESTDIR)$(dracutdir)" "$(DESTDIR)$(datadir)"; do \
		[ ! -d "$$dir" ] || rmdir --ignore-fail-on-non-empty -- "$$dir"; \
	done
	@$(if $(DESTDIR),,$(initramfs_hint))

deb:
	scripts/deb

check-deb:
	scripts/check-deb

clean:
	rm -f *.o .*.o *.ko *.mod *.mod.c .*.cmd Module.symvers modules.order
	rm -rf debs build tests/fuzz/build tools/acs-guard/build tools/acs-guard/acs-guard
	rm -f module/*.o module/.*.cmd module/.*.d kunit/*.o kunit/.*.cmd kunit/.*.d
	rm -f module/engine/*.o module/engine/.*.cmd module/engine/.*.d
	rm -f tests/engine/*.o tests/engine/.*.cmd tests/engine/.*.d
	rm -f tests/modules/*.o tests/modules/.*.cmd tests/modules/.*.d

distclean: clean
	scripts/lib/clean-cache
