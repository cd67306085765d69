// SPDX-License-Identifier: GPL-2.0-only
/*
 * Binds and exceptions while devices are replugged, drivers are registered, and
 * the guard is reloaded
 */
#include <linux/pci.h>
#include <linux/pm_domain.h>
#include <linux/string.h>

#include "guard.h"
#include "registers_test.h"

/* ---- Devices and the guard ---- */

/* clang-format off */
static const struct fake_dev bad_host[] = {
	{ "rp", "",   1, 0, FAKE_RP, .flags = FAKE_HOTPLUG },
	{ "ep", "rp", 0, 0, FAKE_EP },
};

/* clang-format on */

static void expect_permissive(struct kunit *test, struct fake_host *host,
			      const char *text)
{
	char buf[8];

	fake_host_read(host, "ep", "acs_guard/permissive", buf, sizeof(buf));
	KUNIT_EXPECT_STREQ(test, buf, text);
}

static int set_permissive(struct fake_host *host, const char *text)
{
	return fake_host_write(host, "ep", "acs_guard/permissive", text);
}

/* A write of permissive is in effect from the next bind on. */
void permissive_exceptions(struct kunit *test)
{
	static const char *const nonsense[] = { "2",	"10",  "yes",
						"true", "1 0", "-1" };
	struct fake_host *host = GUARD_UP(test, bad_host);
	unsigned int i;

	expect_permissive(test, host, "0\n");
	guard_expect_bind(test, host, "ep", false, "permissive 0");
	for (i = 0; i < ARRAY_SIZE(nonsense); i++)
		KUNIT_EXPECT_EQ_MSG(test, set_permissive(host, nonsense[i]),
				    -EINVAL, "'%s'", nonsense[i]);
	expect_permissive(test, host, "0\n");

	KUNIT_EXPECT_EQ(test, set_permissive(host, "1\n"), 0);
	expect_permissive(test, host, "1\n");
	guard_expect_bind(test, host, "ep", true, "permissive 1");
	expect_verdict(test, host, "ep", "no-acs", "rp", "SV,RR,CR,UF",
		       "permissive 1");

	guard_override(test, host, "ep", "pci-stub");
	KUNIT_EXPECT_EQ(test, fake_host_bind(host, "ep", "pci-stub"), 0);
	KUNIT_EXPECT_EQ(test, set_permissive(host, "0"), 0);
	KUNIT_EXPECT_STREQ(test, guard_driver(host, "ep"), "pci-stub");
	KUNIT_EXPECT_EQ(test, fake_host_unbind(host, "ep"), 0);
	guard_expect_bind(test, host, "ep", false, "permissive 0 again");
}

/* After a replug, the device is a new one, without an exception. */
void replug(struct kunit *test)
{
	struct fake_host *host = GUARD_UP(test, bad_host);
	unsigned int i;

	for (i = 0; i < 10; i++) {
		expect_permissive(test, host, "0\n");
		guard_expect_bind(test, host, "ep", false, "plugged");
		if (i & 1) {
			KUNIT_EXPECT_EQ(test, set_permissive(host, "1"), 0);
			guard_override(test, host, "ep", "pci-stub");
			KUNIT_EXPECT_EQ(test,
					fake_host_bind(host, "ep", "pci-stub"),
					0);
		}
		KUNIT_ASSERT_EQ(test,
				i & 2 ? fake_host_pull(host, "ep") :
					fake_host_unplug(host, "ep"),
				0);
		KUNIT_ASSERT_EQ(test, fake_host_plug(host, "ep"), 0);
	}
}

/* Binds are allowed between unload and load of the guard. */
void guard_reloaded(struct kunit *test)
{
	struct fake_host *host = GUARD_UP(test, bad_host);
	char buf[8];
	unsigned int i;

	guard_override(test, host, "ep", "pci-stub");
	for (i = 0; i < 100; i++) {
		KUNIT_EXPECT_EQ(test, fake_host_bind(host, "ep", "pci-stub"),
				-EPERM);
		acs_guard_stop();
		KUNIT_EXPECT_NULL(test,
				  guard_get(test, host, "ep")->dev.pm_domain);
		KUNIT_EXPECT_EQ(test,
				fake_host_read(host, "ep", "acs_guard/isolated",
					       buf, sizeof(buf)),
				-ENOENT);
		KUNIT_EXPECT_EQ(test, fake_host_bind(host, "ep", "pci-stub"),
				0);
		if (i & 1)
			KUNIT_EXPECT_EQ(test, fake_host_unbind(host, "ep"), 0);
		KUNIT_ASSERT_EQ(test, acs_guard_start(), 0);
		expect_permissive(test, host, "0\n");
		/* A driver that is already bound stays bound. */
		if (!(i & 1))
			KUNIT_EXPECT_EQ(test, fake_host_unbind(host, "ep"), 0);
	}
}

/* With mode=audit binds are allowed. */
void audit_mode(struct kunit *test)
{
	struct fake_host *host = GUARD_UP(test, bad_host);

	acs_guard_set_mode(ACS_GUARD_AUDIT);
	guard_expect_bind(test, host, "ep", true, "audit");
	acs_guard_set_mode(ACS_GUARD_ENFORCE);
	guard_expect_bind(test, host, "ep", false, "enforce");
}

static unsigned int activation_count;

static int count_activation(struct device *dev)
{
	activation_count++;
	return 0;
}

/* A refusal replaces another PM domain, and restores it without a call of it. */
void foreign_domain(struct kunit *test)
{
	static struct dev_pm_domain foreign = { .activate = count_activation };
	struct fake_host *host = GUARD_UP(test, bad_host);
	struct pci_dev *pdev = guard_get(test, host, "ep");

	foreign.ops = *pci_bus_type.pm;
	guard_set_domain(&pdev->dev, &foreign);
	guard_override(test, host, "ep", "pci-stub");
	activation_count = 0;
	KUNIT_EXPECT_EQ(test, fake_host_bind(host, "ep", "pci-stub"), -EPERM);
	KUNIT_EXPECT_PTR_EQ(test, pdev->dev.pm_domain, &foreign);
	KUNIT_EXPECT_EQ(test, fake_host_probe(host, "ep"), -EINVAL);
	KUNIT_EXPECT_PTR_EQ(test, pdev->dev.pm_domain, &foreign);
	KUNIT_EXPECT_EQ(test, activation_count, 0u);

	KUNIT_EXPECT_EQ(test, set_permissive(host, "1"), 0);
	KUNIT_EXPECT_EQ(test, fake_host_bind(host, "ep", "pci-stub"), 0);
	KUNIT_EXPECT_EQ(test, activation_count, GUARD_PROBES);
	KUNIT_EXPECT_PTR_EQ(test, pdev->dev.pm_domain, &foreign);
	KUNIT_EXPECT_EQ(test, fake_host_unbind(host, "ep"), 0);
	guard_set_domain(&pdev->dev, NULL);
}

/* A refusal leaves runtime PM enabled as before. */
void runtime_pm_restored(struct kunit *test)
{
	struct fake_host *host = GUARD_UP(test, bad_host);
	struct device *dev = &guard_get(test, host, "ep")->dev;
	const unsigned int depth = dev->power.disable_depth;

	guard_expect_bind(test, host, "ep", false, "runtime PM");
	KUNIT_EXPECT_EQ(test, (unsigned int)dev->power.disable_depth, depth);
}

/* ---- Matched by ID ---- */

/*
 * Without driver_override, the driver core tries the next driver after a
 * refusal, in a search and at hot-plug.  With driver_override the search ends.
 */
void next_driver_binds(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 1, 0, FAKE_RP },
		{ "ep", "rp", 0, 0, FAKE_EP, .device = GUARD_DEVICE },
	};
	struct fake_host *host = GUARD_UP(test, decl);

	KUNIT_ASSERT_EQ(test, pci_register_driver(&guard_guarded_driver), 0);
	KUNIT_EXPECT_STREQ(test, guard_driver(host, "ep"), "-");
	KUNIT_EXPECT_EQ(test, pci_register_driver(&guard_managed_driver), 0);
	KUNIT_EXPECT_STREQ(test, guard_driver(host, "ep"), "-");
	KUNIT_EXPECT_EQ(test, fake_host_probe(host, "ep"), 0);
	KUNIT_EXPECT_STREQ(test, guard_driver(host, "ep"), "-");
	KUNIT_EXPECT_EQ(test, pci_register_driver(&guard_native_driver), 0);
	KUNIT_EXPECT_STREQ(test, guard_driver(host, "ep"), "kunit_native");

	KUNIT_EXPECT_EQ(test, fake_host_unbind(host, "ep"), 0);
	KUNIT_EXPECT_EQ(test, fake_host_bind(host, "ep", "kunit_vfio_pci"),
			-EPERM);
	KUNIT_EXPECT_EQ(test, fake_host_bind(host, "ep", "kunit_managed"),
			-EPERM);
	KUNIT_EXPECT_EQ(test, fake_host_probe(host, "ep"), 0);
	KUNIT_EXPECT_STREQ(test, guard_driver(host, "ep"), "kunit_native");
	KUNIT_EXPECT_EQ(test, fake_host_unplug(host, "ep"), 0);
	KUNIT_EXPECT_EQ(test, fake_host_plug(host, "ep"), 0);
	KUNIT_EXPECT_STREQ(test, guard_driver(host, "ep"), "kunit_native");

	KUNIT_EXPECT_EQ(test, fake_host_unbind(host, "ep"), 0);
	guard_override(test, host, "ep", "kunit_managed");
	KUNIT_EXPECT_EQ(test, fake_host_probe(host, "ep"), -EINVAL);
	KUNIT_EXPECT_STREQ(test, guard_driver(host, "ep"), "-");

	pci_unregister_driver(&guard_native_driver);
	pci_unregister_driver(&guard_managed_driver);
	pci_unregister_driver(&guard_guarded_driver);
}

/*
 * pcieport, which is not guarded, binds to Root Complex Event Collectors.  A
 * guarded driver may not.
 */
void event_collector(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rcec", "", 5, 0, FAKE_RCEC, .device = GUARD_DEVICE },
	};
	struct fake_host *host = GUARD_UP(test, decl);

	expect_verdict(test, host, "rcec", "unknown-type", "rcec", NULL,
		       "collector");
	KUNIT_EXPECT_STREQ(test, guard_driver(host, "rcec"), "pcieport");
	KUNIT_EXPECT_EQ(test, fake_host_unbind(host, "rcec"), 0);
	KUNIT_ASSERT_EQ(test, pci_register_driver(&guard_guarded_driver), 0);
	KUNIT_EXPECT_STREQ(test, guard_driver(host, "rcec"), "-");
	pci_unregister_driver(&guard_guarded_driver);
}
