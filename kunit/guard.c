// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guard as tests see it
 */
#include <linux/pci.h>
#include <linux/pm_domain.h>
#include <linux/string.h>

#include "fake_iommu.h"
#include "guard.h"

/* clang-format off */
#define TOPOLOGY(...) { __VA_ARGS__ },
#define GROUPED(...) { __VA_ARGS__ },
/* clang-format on */

static const struct topology topologies[] = {
#include "topology_list.h"
};

#undef TOPOLOGY
#undef GROUPED

/* What a test has brought up, last in first out. */
struct hosts {
	struct fake_host *host[GUARD_HOSTS];
	unsigned int nr;
};

/**
 * topology_named() - one of the topologies
 * @title: its title, as a test case is called
 *
 * Return: the topology, or NULL.
 */
const struct topology *topology_named(const char *title)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(topologies); i++)
		if (!strcmp(topologies[i].title, title))
			return &topologies[i];
	return NULL;
}

/**
 * topology_up() - bring up a topology
 * @test: the test
 * @topology: the topology
 *
 * Return: as guard_up().
 */
struct fake_host *topology_up(struct kunit *test,
			      const struct topology *topology)
{
	return guard_up(test, topology->is,
			topology_size(topology) * sizeof(*topology->is), NULL);
}

/**
 * topology_size() - how many functions has a topology?
 * @topology: the topology
 */
unsigned int topology_size(const struct topology *topology)
{
	unsigned int n = 0;

	while (n < MAX_FUNCTIONS && *topology->is[n].name)
		n++;
	return n;
}

/**
 * answer_isolated() - is that what is to be said of it?
 * @answer: one of a topology's
 */
bool answer_isolated(const struct answer *answer)
{
	return !strcmp(answer->want.reason, "isolated");
}

/**
 * guard_start_with() - what holds for the cases to come
 * @unit: what has to be isolated
 * @strict: S1 to S3 as well
 *
 * Nothing may be binding.
 */
void guard_start_with(enum acs_guard_unit unit, bool strict)
{
	const struct acs_guard_settings settings = {
		.mode = ACS_GUARD_ENFORCE,
		.unit = unit,
		.policy.strict = strict,
	};

	acs_guard_settings_init(&settings);
}

/**
 * guard_init() - a suite's init: the guard, as loaded without parameters
 * @test: the test
 *
 * Return: 0 or a negative errno.
 */
int guard_init(struct kunit *test)
{
	int err;

	test->priv = kunit_kzalloc(test, sizeof(struct hosts), GFP_KERNEL);
	if (!test->priv)
		return -ENOMEM;

	err = acs_guard_parse_drivers("vfio-pci,pci-stub,*[-_]vfio[-_]pci");
	if (err)
		return err;
	guard_start_with(ACS_GUARD_FUNCTION, false);
	return acs_guard_start();
}

/**
 * guard_exit() - a suite's exit
 * @test: the test
 */
void guard_exit(struct kunit *test)
{
	guard_down(test);
	acs_guard_stop();
	fake_iommu_set(true);
}

/**
 * guard_up() - bring up a fake host
 * @test: the test
 * @decl: its functions
 * @size: of that, in bytes
 * @parent: the function that its whole domain hides behind, or NULL
 *
 * Return: the host, which goes with the test.
 */
struct fake_host *guard_up(struct kunit *test, const struct fake_dev *decl,
			   size_t size, struct pci_dev *parent)
{
	struct hosts *hosts = test->priv;
	struct fake_host *host;

	KUNIT_ASSERT_LT(test, hosts->nr, (unsigned int)GUARD_HOSTS);
	host = fake_host_create_below(decl, size / sizeof(*decl), parent);
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(host), "%s: error %ld", decl->name,
			       PTR_ERR(host));
	hosts->host[hosts->nr++] = host;
	return host;
}

/**
 * guard_down() - take down what guard_up() brought up
 * @test: the test
 */
void guard_down(struct kunit *test)
{
	struct hosts *hosts = test->priv;

	while (hosts && hosts->nr) {
		struct fake_host *host = hosts->host[--hosts->nr];

		KUNIT_EXPECT_EQ(test, fake_host_destroy(host), 0);
	}
	/* A recheck does the same, seconds after a root bus is removed. */
	acs_guard_forget_hidden();
}

/**
 * guard_get() - a function that has to be there
 * @test: the test
 * @host: the host
 * @name: the function
 *
 * Return: the function, without a reference of its own.
 */
struct pci_dev *guard_get(struct kunit *test, struct fake_host *host,
			  const char *name)
{
	struct pci_dev *pdev = fake_host_dev(host, name);

	KUNIT_ASSERT_NOT_NULL_MSG(test, pdev, "%s is not there", name);
	return pdev;
}

/**
 * guard_examine() - the verdict under the settings that hold
 * @pdev: the function
 * @verdict: the answer
 */
void guard_examine(struct pci_dev *pdev, struct acs_guard_verdict *verdict)
{
	const struct acs_guard_settings settings = acs_guard_settings();

	acs_guard_examine(pdev, &settings.policy, verdict);
}

/**
 * guard_isolated() - is that the verdict?
 * @pdev: the function
 */
bool guard_isolated(struct pci_dev *pdev)
{
	struct acs_guard_verdict verdict;

	guard_examine(pdev, &verdict);
	return verdict.reason == ACS_GUARD_ISOLATED;
}

/**
 * guard_driver() - the driver of a function
 * @host: the host
 * @name: the function
 *
 * Return: the driver's name, "-" if there is none.
 */
const char *guard_driver(struct fake_host *host, const char *name)
{
	struct pci_dev *pdev = fake_host_dev(host, name);

	return pdev && pdev->dev.driver ? pdev->dev.driver->name : "-";
}

/**
 * guard_override() - write a function's driver_override
 * @test: the test
 * @host: the host
 * @name: the function
 * @driver: what to write; "\n" takes it back
 */
void guard_override(struct kunit *test, struct fake_host *host,
		    const char *name, const char *driver)
{
	KUNIT_ASSERT_EQ(test,
			fake_host_write(host, name, "driver_override", driver),
			0);
}

static int bind_always(struct pci_dev *pdev, const struct pci_device_id *id)
{
	return 0;
}

/* Drivers match by ID in the order in which they are registered. */
static const struct pci_device_id guard_ids[] = {
	{ PCI_DEVICE(FAKE_VENDOR, GUARD_DEVICE) },
	{},
};

struct pci_driver guard_guarded_driver = {
	.name = "kunit_vfio_pci",
	.id_table = guard_ids,
	.probe = bind_always,
};

struct pci_driver guard_native_driver = {
	.name = "kunit_native",
	.id_table = guard_ids,
	.probe = bind_always,
};

struct pci_driver guard_managed_driver = {
	.name = "kunit_managed",
	.id_table = guard_ids,
	.probe = bind_always,
	.driver_managed_dma = true,
};

/**
 * guard_set_domain() - set the PM domain of a device
 * @dev: the device
 * @domain: the PM domain, or NULL
 *
 * Context: takes the device lock.
 */
void guard_set_domain(struct device *dev, struct dev_pm_domain *domain)
{
	device_lock(dev);
	dev_pm_domain_set(dev, domain);
	device_unlock(dev);
}

/**
 * guard_name_at() - the name of the function at an address
 * @test: the test
 * @bdf: the address
 *
 * Return: the name of the function, which may be hidden; @bdf if no host of the
 * test has a function there.
 */
const char *guard_name_at(struct kunit *test, const char *bdf)
{
	struct hosts *hosts = test->priv;
	const char *name = NULL;
	unsigned int i;

	for (i = 0; i < hosts->nr && !name; i++)
		name = fake_host_name_at(hosts->host[i], bdf);
	return name ?: bdf;
}

/**
 * guard_address() - the address of a function in any host of the test
 * @test: the test
 * @name: the name of the function
 * @buf: gets the address, or "-" if there is no such function
 * @size: of @buf
 */
void guard_address(struct kunit *test, const char *name, char *buf, size_t size)
{
	struct hosts *hosts = test->priv;
	unsigned int i;

	strscpy(buf, "-", size);
	for (i = 0; i < hosts->nr; i++)
		if (!fake_host_address(hosts->host[i], name, buf, size))
			return;
}
