# SPDX-License-Identifier: GPL-2.0-only
#
# What people call; how the module is made of its objects is in Kbuild.
#
#   make              the module
#   make demo         the main job, shown in a throw-away virtual machine
#   make check        all tests, with their set-up
#   make check-kernels  the same, and the machine's on all three stock kernels
#   make check-debug  the same on kernels that find bugs by themselves
#   make coverage     how much of the module the KUnit suites reach
#   make mutate       break each rule in turn: does a test notice?
#   make check-faults  what happens without memory: each allocation fails in turn
#   make soak         everything at once, at random: MINUTES=30 SEED=n
#   make fuzz         random bytes to every file of the guard's: WRITES=100000 SEED=n
#   make lint         what can be said about the source without running it
#   make install      the module, into this machine (or below DESTDIR)
#   make clean        remove what was built here; distclean: the cache as well
#
# KDIR=...  build against these headers instead of the ones scripts/kdir finds

# Looked for only by what needs it, and said in one line if there is none.
KDIR = $(or $(shell scripts/kdir 2>/dev/null),$(error no kernel headers that \
	this machine can build for; run: sudo apt-get install linux-headers-amd64))

# The kernel's own name for itself; Debian's "make kernelrelease" says another.
RELEASE = $(or $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' \
	"$(KDIR)/include/generated/utsrelease.h" 2>/dev/null),$(error \
	$(KDIR) holds no kernel headers))

# kbuild takes a path with a blank for several.
ifneq ($(words $(CURDIR)),1)
$(error $(CURDIR): kbuild cannot build below a folder with a blank in its name)
endif

.PHONY: all demo check check-kernels check-debug check-faults soak fuzz coverage mutate \
	lint install uninstall clean distclean

all:
	$(MAKE) -C "$(KDIR)" M="$(CURDIR)" W=1 modules
	@[ "$(RELEASE)" = "$$(uname -r)" ] || \
		echo "acs_guard.ko is for kernel $(RELEASE); this machine runs $$(uname -r)"

demo:
	scripts/demo

check:
	scripts/check

check-kernels:
	scripts/check-kernels

check-debug:
	scripts/check-debug

check-faults:
	scripts/faults

soak:
	scripts/soak $(if $(MINUTES),--minutes "$(MINUTES)") $(if $(SEED),--seed "$(SEED)")

fuzz:
	scripts/fuzz $(if $(WRITES),--writes "$(WRITES)") $(if $(SEED),--seed "$(SEED)")

coverage:
	scripts/coverage

mutate:
	scripts/mutate

lint:
	scripts/lint

install: all
	install -D -m 644 acs_guard.ko \
		"$(DESTDIR)/lib/modules/$(RELEASE)/updates/acs_guard.ko"
	$(if $(DESTDIR),,depmod "$(RELEASE)")

# For whichever kernels it was installed; their headers may be gone.
uninstall:
	for module in "$(DESTDIR)"/lib/modules/*/updates/acs_guard.ko; do \
		[ -e "$$module" ] || continue; \
		rm -- "$$module" && echo "removed $$module"; \
		$(if $(DESTDIR),,release=$${module#/lib/modules/}; depmod "$${release%%/*}";) \
	done

clean:
	rm -f *.o .*.o *.ko *.mod *.mod.c .*.cmd Module.symvers modules.order
	rm -f module/*.o module/.*.cmd module/.*.d kunit/*.o kunit/.*.cmd kunit/.*.d

distclean: clean
	scripts/clean-cache
