// SPDX-License-Identifier: GPL-2.0-only
/*
 * What tests share: fake hosts, settings, drivers and functions
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

/* The hosts of a test, removed in reverse order. */
struct hosts {
	struct fake_host *host[GUARD_HOSTS];
	unsigned int nr;
};

/**
 * topology_named() - find a topology
 * @title: its title, which is the name of a test case
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
 * topology_up() - create the fake host of a topology
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
 * topology_size() - count the functions of a topology
 * @topology: the topology
 *
 * Return: the number of functions, without VFs.
 */
unsigned int topology_size(const struct topology *topology)
{
	unsigned int n = 0;

	while (n < MAX_FUNCTIONS && *topology->is[n].name)
		n++;
	return n;
}

/**
 * answer_isolated() - is "isolated" the expected verdict?
 * @answer: the expectation
 *
 * Return: true if it is.
 */
bool answer_isolated(const struct answer *answer)
{
	return !strcmp(answer->want.reason, "isolated");
}

/**
 * guard_start_with() - set unit= and strict=
 * @unit: the unit that has to be isolated
 * @strict: apply S1 to S3
 *
 * No driver may be binding.
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
 * guard_init() - the init callback of a suite: the guard with default settings
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
 * guard_exit() - the exit callback of a suite
 * @test: the test
 */
void guard_exit(struct kunit *test)
{
	guard_down(test);
	acs_guard_stop();
	fake_iommu_set(true);
}

/**
 * guard_up() - create a fake host
 * @test: the test
 * @decl: the functions
 * @size: the size of @decl in bytes
 * @parent: the real DMA device of its domain, or NULL
 *
 * The test fails if the host cannot be created.
 *
 * Return: the host, which guard_down() removes.
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
 * guard_down() - remove the hosts of guard_up()
 * @test: the test
 */
void guard_down(struct kunit *test)
{
	struct hosts *hosts = test->priv;

	while (hosts && hosts->nr) {
		struct fake_host *host = hosts->host[--hosts->nr];

		KUNIT_EXPECT_EQ(test, fake_host_destroy(host), 0);
	}
	/* Rechecks do the same some seconds after the removal of a root bus. */
	acs_guard_forget_hidden();
}

/**
 * guard_get() - get a function
 * @test: the test
 * @host: the host
 * @name: the function
 *
 * The test fails if the kernel does not list the function.
 *
 * Return: the function, without a reference.
 */
struct pci_dev *guard_get(struct kunit *test, struct fake_host *host,
			  const char *name)
{
	struct pci_dev *pdev = fake_host_dev(host, name);

	KUNIT_ASSERT_NOT_NULL_MSG(test, pdev, "%s is not there", name);
	return pdev;
}

/**
 * guard_examine() - get the verdict with the current settings
 * @pdev: the function
 * @verdict: the verdict
 */
void guard_examine(struct pci_dev *pdev, struct acs_guard_verdict *verdict)
{
	const struct acs_guard_settings settings = acs_guard_settings();

	acs_guard_examine(pdev, &settings.policy, verdict);
}

/**
 * guard_isolated() - is a function isolated?
 * @pdev: the function
 *
 * Return: true if that is the verdict.
 */
bool guard_isolated(struct pci_dev *pdev)
{
	struct acs_guard_verdict verdict;

	guard_examine(pdev, &verdict);
	return verdict.reason == ACS_GUARD_ISOLATED;
}

/**
 * guard_driver() - get the name of the driver of a function
 * @host: the host
 * @name: the function
 *
 * Return: the name, or "-" if no driver is bound.
 */
const char *guard_driver(struct fake_host *host, const char *name)
{
	struct pci_dev *pdev = fake_host_dev(host, name);

	return pdev && pdev->dev.driver ? pdev->dev.driver->name : "-";
}

/**
 * guard_override() - write driver_override of a function
 * @test: the test
 * @host: the host
 * @name: the function
 * @driver: the text; "\n" removes the override
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
