// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of match.c: the words of permissive=, and the devices that they name
 */
#include <linux/pci.h>
#include <linux/string.h>

#include "compat.h"
#include "engine.h"
#include "match.h"
#include "match_test.h"

#define NOWHERE_DOMAIN 0xdead0000

static const char *const good_devices[] = {
	"",
	"00:00.0",
	"3:0.0",
	"ff:1f.7",
	"FF:1F.7",
	"0000:03:00.0",
	"0:3:0.0",
	"10000:03:00.0",
	"ffffffff:ff:1f.7",
	"00:1c.0/00.0",
	"00:1c.0/0.0/02.0/0.0/1.0/2.0/3.0/4.7", /* eight of them */
	"dead0000:00:1c.0/00.0/02.0/00.0",
	"pci:8086:10fb",
	"pci:1:1",
	"pci:fffe:fffe",
	"pci:8086:0001:0000:0000",
	"pci:8086:10fb:ffff:ffff",
	"pci:aBcD:EF01:1af4:1100",
	"00:1c.0@8086:10fb",
	"dead0000:00:1c.0/00.0/02.0/00.0@1:fffe",
	"0:3:0.0@8086:10fb:ffff:0000",
	NOWHERE "," NOWHERE,
	NOWHERE ";" NOWHERE ",pci:8086:10fb",
	NOWHERE "\0;;",
};

static const char *const bad_devices[] = {
	/* empty words */
	",",
	";",
	NOWHERE ",",
	NOWHERE ";",
	"," NOWHERE,
	NOWHERE ",," NOWHERE,
	NOWHERE ";," NOWHERE,
	/* blanks, signs and prefixes, which sscanf() accepts */
	" ",
	" 00:00.0",
	"00:00.0 ",
	"00: 00.0",
	"00:00. 0",
	NOWHERE ", " NOWHERE,
	"00:00.0\n",
	"\n",
	"-1:00.0",
	"+1:00.0",
	"0x0:00.0",
	"0000:0x3:00.0",
	"00:0x0.0",
	"00:00.-0",
	"pci: 8086:10fb",
	"pci:0x8086:10fb",
	"pci:-1:10fb",
	/* numbers out of range, or with too many digits */
	"100:00.0",
	"003:00.0",
	"00:20.0",
	"00:ff.0",
	"00:000.0",
	"00:00.8",
	"00:00.f",
	"00:00.00",
	"100000000:00:00.0",
	"000000000:00:00.0",
	"0000:100:00.0",
	"0000:00:20.0",
	"0000:00:00.8",
	"0000:00:00.0/20.0",
	"0000:00:00.0/00.8",
	"pci:18086:10fb",
	"pci:8086:010fb",
	"pci:8086:10fb:11af4:1100",
	"pci:8086:10fb:1af4:11000",
	/* values that match any ID in the kernel */
	"pci:0:10fb",
	"pci:0000:10fb",
	"pci:8086:0",
	"pci:ffff:10fb",
	"pci:8086:ffff",
	"pci:0:0",
	"*",
	"*:00.0",
	"00:*.0",
	"00:00.*",
	"pci:8086:*",
	/* parts that are missing, or too many */
	"0",
	"00",
	"00:",
	"00:00",
	"00:00.",
	"00.0",
	":00.0",
	"0000:00:00",
	"0000:00:00.",
	"0000::00.0",
	":00:00.0",
	"0:0:0:0.0",
	"00:00.0.0",
	"00:00.0:0",
	"00:00.0/",
	"00:00.0//00.0",
	"00:00.0/00",
	"00:00.0/00.",
	"00:00.0/00:00.0",
	"/00.0",
	"00:1c.0/0.0/02.0/0.0/1.0/2.0/3.0/4.7/5.0", /* nine of them */
	"pci",
	"pci:",
	"pci:8086",
	"pci:8086:",
	"pci::10fb",
	"pci:8086:10fb:",
	"pci:8086:10fb:1af4",
	"pci:8086:10fb:1af4:",
	"pci:8086:10fb::1100",
	"pci:8086:10fb:1af4:1100:",
	"pci:8086:10fb:1af4:1100:0",
	"pci:8086:10fb/00.0",
	"pci:8086.10fb",
	"pci:8086:10fb@8086:10fb",
	/* an ID is allowed at the end of a path only */
	"00:1c.0@",
	"@8086:10fb",
	"00:1c.0@8086",
	"00:1c.0@8086:",
	"00:1c.0@8086:10fb:1af4",
	"00:1c.0@8086:10fb@8086:10fb",
	"00:1c.0@8086:10fb/00.0",
	"00:1c.0@/00.0",
	"00:1c.0/@8086:10fb",
	"00:1c.0 @8086:10fb",
	"00:1c.0@ 8086:10fb",
	"00:1c.0@pci:8086:10fb",
	"00:1c.0@0:10fb",
	"00:1c.0@8086:ffff",
	"00:1c.0@18086:10fb",
	"PCI:8086:10fb",
	"pci:pci:8086:10fb",
	"pci00:00.0",
	/* not a device */
	"all",
	"1",
	"vfio-pci",
	"g0:00.0",
	"00:00.0\x80",
	"\xff\xfe",
	"%s%n",
	CHARS_62 "3",
	CHARS_62 "34",
	/* only one of several is bad */
	NOWHERE "," NOWHERE ",00:00.8",
	NOWHERE ",00:20.0;" NOWHERE,
	/* only the word that is too long is bad */
	NOWHERE
	",0000000000000000000000000000000000000000000000000000000000:00.0",
};

void device_words(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(good_devices); i++)
		expect_devices(test, good_devices[i], true);
	for (i = 0; i < ARRAY_SIZE(bad_devices); i++)
		expect_devices(test, bad_devices[i], false);
}

/**
 * struct lineage - a path of four functions that are not on a real bus
 * @bus: their buses
 * @dev: a Root Port, a switch and an endpoint: 00:1c.0/00.0/02.0/1f.7
 * @sysdata: the sysdata of the buses
 */
struct lineage {
	struct acs_guard_sysdata sysdata;
	struct pci_bus bus[4];
	struct pci_dev dev[4];
};

static struct pci_dev *make_path(struct kunit *test)
{
	static const u8 numbers[] = { 0, 5, 6, 0xa7 };
	static const u8 devfns[] = { PCI_DEVFN(0x1c, 0), PCI_DEVFN(0, 0),
				     PCI_DEVFN(2, 0), PCI_DEVFN(0x1f, 7) };
	struct lineage *path = kunit_kzalloc(test, sizeof(*path), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, path);
	acs_guard_set_sysdata(&path->sysdata, (int)NOWHERE_DOMAIN, NULL);
	for (i = 0; i < ARRAY_SIZE(path->dev); i++) {
		path->bus[i].number = numbers[i];
		acs_guard_set_domain(&path->bus[i], &path->sysdata,
				     (int)NOWHERE_DOMAIN);
		path->bus[i].parent = i ? &path->bus[i - 1] : NULL;
		path->bus[i].self = i ? &path->dev[i - 1] : NULL;
		path->dev[i].bus = &path->bus[i];
		path->dev[i].devfn = devfns[i];
	}
	path->dev[3].vendor = 0x1af4;
	path->dev[3].device = 0x1041;
	path->dev[3].subsystem_vendor = 0x1af5;
	path->dev[3].subsystem_device = 0x1100;
	return &path->dev[3];
}

static const struct {
	const char *text;
	bool named;
} pattern_cases[] = {
	{ "dead0000:a7:1f.7", true },
	{ "DEAD0000:A7:1F.7", true },
	{ "dead0000:06:02.0/1f.7", true },
	{ "dead0000:6:2.0/1f.7", true },
	{ "dead0000:00:1c.0/00.0/02.0/1f.7", true },
	{ NOWHERE ",dead0000:a7:1f.7", true },
	{ "dead0000:a7:1f.7;" NOWHERE, true },
	{ NOWHERE, false },
	{ "dead0001:a7:1f.7", false },
	{ "0000:a7:1f.7", false },
	{ "a7:1f.7", false },
	{ "dead0000:a6:1f.7", false },
	{ "dead0000:a7:1e.7", false },
	{ "dead0000:a7:1f.6", false },
	{ "dead0000:00:1c.0", false },
	{ "dead0000:06:02.0", false },
	{ "dead0000:00:1c.0/00.0/02.0", false },
	{ "dead0000:00:1c.0/00.0/1f.7", false },
	{ "dead0000:00:1c.0/00.0/02.0/00.0/1f.7", false },
	{ "dead0000:00:1c.0/01.0/02.0/1f.7", false },
	{ "dead0000:01:1c.0/00.0/02.0/1f.7", false },
	{ "dead0000:a7:02.0/1f.7", false },
	{ "dead0000:a7:1f.7@1af4:1041", true },
	{ "dead0000:00:1c.0/00.0/02.0/1f.7@1AF4:1041", true },
	{ "dead0000:a7:1f.7@1af4:1041:1af5:1100", true },
	{ "dead0000:a7:1f.7@1af4:1042,pci:1af4:1041", true },
	{ "dead0000:a7:1f.7@1af5:1041", false },
	{ "dead0000:a7:1f.7@1af4:1042", false },
	{ "dead0000:a7:1f.7@1af4:1041:1af5:1101", false },
	{ "dead0000:a7:1f.6@1af4:1041", false },
	{ "dead0000:06:02.0@1af4:1041", false },
	{ NOWHERE "@1af4:1041", false },
	{ "pci:1af4:1041", true },
	{ "pci:1AF4:1041:1AF5:1100", true },
	{ NOWHERE ";pci:1af4:1041", true },
	{ "pci:1af5:1041", false },
	{ "pci:1af4:1042", false },
	{ "pci:1041:1af4", false },
	{ "pci:1af4:1041:1af4:1100", false },
	{ "pci:1af4:1041:1af5:1101", false },
	{ "pci:1af4:1041:0:0", false },
	{ "pci:1af4:1041:ffff:ffff", false },
};

void named_devices(struct kunit *test)
{
	struct pci_dev *pdev = make_path(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pattern_cases); i++) {
		const char *text = pattern_cases[i].text;

		expect_devices(test, text, true);
		KUNIT_EXPECT_EQ_MSG(test, acs_guard_starts_permissive(pdev),
				    pattern_cases[i].named, "permissive=%s",
				    text);
	}
	/* A text that is rejected changes nothing. */
	expect_devices(test, NOWHERE, true);
	expect_devices(test, NOWHERE ",dead0000:a7:1f.7,", false);
	KUNIT_EXPECT_FALSE(test, acs_guard_starts_permissive(pdev));
}
