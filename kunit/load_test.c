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
