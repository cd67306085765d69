// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guard as tests see it
 */
#include <linux/pci.h>
#include <linux/sort.h>
#include <linux/string.h>

#include "fake_iommu.h"
#include "guard.h"

#define MAX_NAMES 16

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

/* The words that the tables use for what the verdict has as bits. */
static const struct {
	u16 flag;
	const char *name;
} flags[] = {
	{ PCI_ACS_SV, "SV" },
	{ PCI_ACS_RR, "RR" },
	{ PCI_ACS_CR, "CR" },
	{ PCI_ACS_UF, "UF" },
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
	return acs_guard_hook_init();
}

/**
 * guard_exit() - a suite's exit
 * @test: the test
 */
void guard_exit(struct kunit *test)
{
	guard_down(test);
	acs_guard_hook_exit();
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

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/*
 * Return: the name of the function at @bdf, which may be hidden, or @bdf if no
 * host has a function there.
 */
static const char *name_at(struct kunit *test, const char *bdf)
{
	struct hosts *hosts = test->priv;
	const char *name = NULL;
	unsigned int i;

	for (i = 0; i < hosts->nr && !name; i++)
		name = fake_host_name_at(hosts->host[i], bdf);
	return name ?: bdf;
}

/* The address of the function that is called @name, in whatever host. */
static void address_of(struct kunit *test, const char *name, char *buf,
		       size_t size)
{
	struct hosts *hosts = test->priv;
	unsigned int i;

	strscpy(buf, "-", size);
	for (i = 0; i < hosts->nr; i++)
		if (!fake_host_address(hosts->host[i], name, buf, size))
			return;
}

/* Lines of addresses to a line of names, in order. */
static unsigned int name_peers(struct kunit *test, char *text, char *line,
			       size_t size)
{
	const char *names[MAX_NAMES];
	unsigned int n = 0, i;
	char *bdf;

	while ((bdf = strsep(&text, "\n")) && *bdf && n < MAX_NAMES)
		names[n++] = name_at(test, bdf);
	sort(names, n, sizeof(*names), compare_names, NULL);

	*line = '\0';
	for (i = 0; i < n; i++) {
		strlcat(line, i ? " " : "", size);
		strlcat(line, names[i], size);
	}
	return n;
}

static void print_missing(u16 missing, char *line, size_t size)
{
	unsigned int i;

	*line = '\0';
	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		if (!(missing & flags[i].flag))
			continue;
		strlcat(line, *line ? "," : "", size);
		strlcat(line, flags[i].name, size);
		missing &= ~flags[i].flag;
	}
	if (missing)
		strlcat(line, "?", size);
}

/* All of an answer in one line, so that a failure shows all of it. */
static void print_answer(char *line, const char *reason, const char *blocker,
			 const char *missing, const char *peers)
{
	if (!strcmp(reason, "isolated")) {
		blocker = NULL;
		missing = NULL;
	}
	snprintf(line, GUARD_LINE, "%s %s %s [%s]", reason, blocker ?: "-",
		 missing && *missing ? missing : "-", peers ?: "");
}

/* The attributes that say what the verdict says. */
static void expect_attributes(struct kunit *test, struct fake_host *host,
			      const struct guard_want *want, const char *when)
{
	const bool isolated = !strcmp(want->reason, "isolated");
	char buf[256], address[24], start[64], lacks[32];

	fake_host_read(host, want->name, "acs_guard/isolated", buf,
		       sizeof(buf));
	KUNIT_EXPECT_STREQ_MSG(test, buf, isolated ? "1\n" : "0\n", "%s, %s",
			       want->name, when);

	fake_host_read(host, want->name, "acs_guard/reason", buf, sizeof(buf));
	KUNIT_EXPECT_TRUE(test, strlen(buf) && buf[strlen(buf) - 1] == '\n');
	KUNIT_EXPECT_PTR_EQ(test, strchr(buf, '\n'), buf + strlen(buf) - 1);
	if (isolated) {
		KUNIT_EXPECT_STREQ_MSG(test, buf, "isolated\n", "%s, %s",
				       want->name, when);
		return;
	}

	address_of(test, want->blocker, address, sizeof(address));
	snprintf(start, sizeof(start), "%s %s: ", want->reason, address);
	KUNIT_EXPECT_TRUE_MSG(test, str_has_prefix(buf, start), "%s, %s: %s",
			      want->name, when, buf);
	snprintf(lacks, sizeof(lacks), "(lacks %s)", want->missing ?: "");
	KUNIT_EXPECT_EQ_MSG(test, !!strstr(buf, lacks), !!want->missing,
			    "%s, %s: %s", want->name, when, buf);
}

/**
 * guard_expect() - ask about a function in every way there is
 * @test: the test
 * @host: the host
 * @want: what is to be said
 * @when: the case, for a failure's message
 */
void guard_expect(struct kunit *test, struct fake_host *host,
		  const struct guard_want *want, const char *when)
{
	struct pci_dev *pdev = guard_get(test, host, want->name);
	char got[GUARD_LINE], wanted[GUARD_LINE];
	char peers[GUARD_LINE], missing[32], blocker[24];
	struct acs_guard_verdict verdict;
	u64 lowest;
	struct acs_guard_peers found = { .room = 1, .bdf = &lowest };
	unsigned int count;
	char *page;

	page = kunit_kzalloc(test, PAGE_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, page);
	fake_host_read(host, want->name, "acs_guard/peers", page, PAGE_SIZE);
	count = name_peers(test, page, peers, sizeof(peers));

	guard_examine(pdev, &verdict);
	print_missing(verdict.missing, missing, sizeof(missing));
	strscpy(blocker, acs_guard_name(verdict.blocker).text, sizeof(blocker));
	print_answer(got, acs_guard_reason_name(verdict.reason),
		     name_at(test, blocker), missing, peers);
	print_answer(wanted, want->reason, want->blocker, want->missing,
		     want->peers);
	KUNIT_EXPECT_STREQ_MSG(test, got, wanted, "%s, %s", want->name, when);

	acs_guard_find_peers(pdev, &verdict, &found);
	KUNIT_EXPECT_EQ(test, found.count, count);
	expect_attributes(test, host, want, when);
	kunit_kfree(test, page);
}

/* With pci-stub, which takes anything: by name, then by a search. */
static void expect_stub(struct kunit *test, struct fake_host *host,
			const char *name, bool allowed, const char *when)
{
	const char *driver = allowed ? "pci-stub" : "-";

	guard_override(test, host, name, "pci-stub");
	KUNIT_EXPECT_EQ_MSG(test, fake_host_bind(host, name, "pci-stub"),
			    allowed ? 0 : -EPERM, "%s, %s", name, when);
	KUNIT_EXPECT_STREQ_MSG(test, guard_driver(host, name), driver, "%s, %s",
			       name, when);
	fake_host_unbind(host, name);

	KUNIT_EXPECT_EQ_MSG(test, fake_host_probe(host, name),
			    allowed ? 0 : -EINVAL, "%s, %s", name, when);
	KUNIT_EXPECT_STREQ_MSG(test, guard_driver(host, name), driver, "%s, %s",
			       name, when);
	fake_host_unbind(host, name);
}

/* It fails for want of an IOMMU, but only after the guard has let it pass. */
static void expect_vfio(struct kunit *test, struct fake_host *host,
			const char *name, bool allowed, const char *when)
{
	if (!IS_ENABLED(CONFIG_VFIO_PCI))
		return;

	guard_override(test, host, name, "vfio-pci");
	KUNIT_EXPECT_EQ_MSG(test,
			    fake_host_bind(host, name, "vfio-pci") != -EPERM,
			    allowed, "%s, %s", name, when);
	if (!allowed)
		KUNIT_EXPECT_STREQ(test, guard_driver(host, name), "-");
	fake_host_unbind(host, name);
}

/**
 * guard_expect_bind() - bind a function in the ways an administrator has
 * @test: the test
 * @host: the host
 * @name: the function; has no driver, nor afterwards
 * @allowed: whether it is to succeed
 * @when: the case, for a failure's message
 */
void guard_expect_bind(struct kunit *test, struct fake_host *host,
		       const char *name, bool allowed, const char *when)
{
	expect_stub(test, host, name, allowed, when);
	expect_vfio(test, host, name, allowed, when);
	guard_override(test, host, name, "\n");
	KUNIT_EXPECT_NULL(test, guard_get(test, host, name)->dev.pm_domain);
}
