// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions that are added, or removed, while the module loads
 */
#include <linux/device.h>
#include <linux/notifier.h>
#include <linux/pci.h>

#include "guard.h"
#include "hidden.h"
#include "registers_test.h"

static int drop_records(struct notifier_block *nb, unsigned long event,
			void *data)
{
	if (event == BUS_NOTIFY_DEL_DEVICE)
		acs_guard_forget_hidden();
	return NOTIFY_DONE;
}

/*
 * The removal of a function begins before the notifier is registered.  Here the
 * record that the notifier makes at the beginning is lost.
 */
void removal_under_way(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 1, 0, FAKE_RP, ON },
		{ "f0", "rp", 0, 0, FAKE_EP, APART },
		{ "f1", "rp", 0, 1, FAKE_EP },
	};
	struct notifier_block block = { .notifier_call = drop_records };
	struct fake_host *host = GUARD_UP(test, decl);

	KUNIT_ASSERT_EQ(test, bus_register_notifier(&pci_bus_type, &block), 0);
	KUNIT_EXPECT_EQ(test, fake_host_hide(host, "f1"), 0);
	bus_unregister_notifier(&pci_bus_type, &block);
	guard_expect(test, host,
		     &(struct guard_want){ "f0", "multifunction", "f1", "RR,CR",
					   "f1" },
		     "hidden");
	guard_down(test);
}

static void free_unregistered(struct device *dev)
{
	put_device(&to_pci_dev(dev)->bus->dev);
	kfree(to_pci_dev(dev));
}

/* device_add() fails after the load has found the function: no event follows. */
void addition_fails(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "ep", "", 1, 0, FAKE_RCIEP },
	};
	struct fake_host *host = GUARD_UP(test, decl);
	struct pci_dev *pdev = pci_alloc_dev(guard_get(test, host, "ep")->bus);
	struct device *dev = &pdev->dev;

	KUNIT_ASSERT_NOT_NULL(test, pdev);
	pdev->devfn = PCI_DEVFN(2, 0);
	device_initialize(dev);
	dev->release = free_unregistered;
	KUNIT_ASSERT_EQ(test, kobject_add(&dev->kobj, NULL, "unregistered"), 0);
	acs_guard_add_entry(pdev);
	KUNIT_EXPECT_TRUE(test, acs_guard_has_entry(pdev));
	kobject_del(&dev->kobj);
	put_device(dev);

	acs_guard_stop();
	KUNIT_ASSERT_EQ(test, acs_guard_start(), 0);
	guard_down(test);
}

/*
 * The search at load does not read all of a hidden function.  What it does not
 * read later reads do not make up for, so it may not count as absent.
 */
void hidden_reads_fail(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 1, 0, FAKE_RP, ON },
		{ "f0", "rp", 0, 0, FAKE_EP, APART },
		{ "f1", "rp", 0, 1, FAKE_EP, APART },
	};
	static const struct {
		u16 where;
		enum fake_fault how;
		const char *reason;
	} cases[] = {
		{ PCI_COMMAND, FAKE_OK, "isolated" },
		{ PCI_COMMAND, FAKE_ERROR, "unreadable" },
		{ PCI_CAPABILITY_LIST, FAKE_ONES, "unreadable" },
		{ PCI_CACHE_LINE_SIZE, FAKE_ERROR, "unreadable" },
		{ PCI_CFG_SPACE_SIZE, FAKE_ERROR, "unreadable" },
	};
	struct fake_host *host = GUARD_UP(test, decl);
	unsigned int i;

	KUNIT_ASSERT_EQ(test, fake_host_hide(host, "f1"), 0);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *const other = i ? "f1" : NULL;
		const struct guard_want want = { "f0", cases[i].reason, other,
						 NULL, other };

		acs_guard_stop();
		acs_guard_forget_hidden();
		fake_host_fault_at(host, "f1", cases[i].where, cases[i].how);
		KUNIT_ASSERT_EQ(test, acs_guard_start(), 0);
		fake_host_fault_at(host, "f1", cases[i].where, FAKE_OK);
		guard_expect(test, host, &want, "hidden");
	}
	guard_down(test);
}

/* Each list of capabilities of a hidden function loops; the search has to end. */
void hidden_lists_loop(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 1, 0, FAKE_RP, ON },
		{ "f0", "rp", 0, 0, FAKE_EP, APART },
		{ "f1", "rp", 0, 1, FAKE_EP, APART },
	};
	static const struct guard_want want = { "f0", "unreadable", "f1", NULL,
						"f1" };
	struct fake_host *host = GUARD_UP(test, decl);
	const u32 at = fake_host_peek(host, "f1", PCI_CAPABILITY_LIST, 1);
	const struct {
		u16 where;
		u32 value;
	} lists[] = {
		{ at, PCI_CAP_ID_VNDR | at << 8 },
		{ PCI_CFG_SPACE_SIZE,
		  PCI_EXT_CAP_ID_VNDR | 1 << 16 | PCI_CFG_SPACE_SIZE << 20 },
	};
	unsigned int i;

	KUNIT_ASSERT_EQ(test, fake_host_hide(host, "f1"), 0);
	for (i = 0; i < ARRAY_SIZE(lists); i++) {
		const u32 before =
			fake_host_peek(host, "f1", lists[i].where, 4);

		acs_guard_stop();
		acs_guard_forget_hidden();
		fake_host_poke(host, "f1", lists[i].where, 4, lists[i].value);
		KUNIT_ASSERT_EQ(test, acs_guard_start(), 0);
		fake_host_poke(host, "f1", lists[i].where, 4, before);
		guard_expect(test, host, &want, "hidden");
	}
	guard_down(test);
}
