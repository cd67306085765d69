// SPDX-License-Identifier: GPL-2.0-only
/*
 * What tests expect of the guard: its verdicts, attributes and binds
 */
#include <linux/pci.h>
#include <linux/sort.h>
#include <linux/string.h>

#include "guard.h"

#define MAX_NAMES 16

/* The names of ACS flags in tables. */
static const struct {
	u16 flag;
	const char *name;
} flags[] = {
	{ PCI_ACS_SV, "SV" },
	{ PCI_ACS_RR, "RR" },
	{ PCI_ACS_CR, "CR" },
	{ PCI_ACS_UF, "UF" },
};

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Lines of addresses to one line of sorted names. */
static unsigned int name_peers(struct kunit *test, char *text, char *line,
			       size_t size)
{
	const char *names[MAX_NAMES];
	unsigned int n = 0, i;
	char *bdf;

	while ((bdf = strsep(&text, "\n")) && *bdf && n < MAX_NAMES)
		names[n++] = guard_name_at(test, bdf);
	sort(names, n, sizeof(*names), compare_names, NULL);

	*line = '\0';
	for (i = 0; i < n; i++) {
		strlcat(line, i ? " " : "", size);
		strlcat(line, names[i], size);
	}
	return n;
}

/**
 * guard_flags() - the ACS flags that a table names
 * @names: such as "RR,CR", or NULL
 *
 * Return: PCI_ACS_* flags.
 */
u16 guard_flags(const char *names)
{
	u16 found = 0;
	unsigned int i;

	for (i = 0; names && i < ARRAY_SIZE(flags); i++)
		if (strstr(names, flags[i].name))
			found |= flags[i].flag;
	return found;
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

/* The whole verdict in a line, which is what a failure shows. */
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

/* The attributes show the verdict. */
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

	guard_address(test, want->blocker, address, sizeof(address));
	snprintf(start, sizeof(start), "%s %s: ", want->reason, address);
	KUNIT_EXPECT_TRUE_MSG(test, str_has_prefix(buf, start), "%s, %s: %s",
			      want->name, when, buf);
	snprintf(lacks, sizeof(lacks), "(lacks %s)", want->missing ?: "");
	KUNIT_EXPECT_EQ_MSG(test, !!strstr(buf, lacks), !!want->missing,
			    "%s, %s: %s", want->name, when, buf);
}

/**
 * guard_expect() - expect a verdict, in the engine and in the attributes
 * @test: the test
 * @host: the host
 * @want: the expected verdict
 * @when: the case, for messages
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
		     guard_name_at(test, blocker), missing, peers);
	print_answer(wanted, want->reason, want->blocker, want->missing,
		     want->peers);
	KUNIT_EXPECT_STREQ_MSG(test, got, wanted, "%s, %s", want->name, when);

	acs_guard_find_peers(pdev, &verdict, &found);
	KUNIT_EXPECT_EQ(test, found.count, count);
	expect_attributes(test, host, want, when);
	kunit_kfree(test, page);
}

/* pci-stub matches any function: bind it by its name, then by a search. */
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

/* There is no IOMMU, so the probe fails, but only if the bind is allowed. */
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
 * guard_expect_bind() - expect that binds are allowed, or refused
 * @test: the test
 * @host: the host
 * @name: the function, which has no driver before and after
 * @allowed: whether binds are allowed
 * @when: the case, for messages
 */
void guard_expect_bind(struct kunit *test, struct fake_host *host,
		       const char *name, bool allowed, const char *when)
{
	expect_stub(test, host, name, allowed, when);
	expect_vfio(test, host, name, allowed, when);
	guard_override(test, host, name, "\n");
	KUNIT_EXPECT_NULL(test, guard_get(test, host, name)->dev.pm_domain);
}
