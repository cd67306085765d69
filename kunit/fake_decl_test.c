// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the fake host: declarations that are rejected or unusual, and their
 * text
 */
#include <linux/pci.h>
#include <linux/prandom.h>
#include <linux/string.h>

#include "fake_host_test.h"

#define FUZZ_SEED 5

void fake_refused(struct kunit *test)
{
	static const u8 image[64];
	static const struct fake_dev one[] = {
		{ "", "", 0, 0, FAKE_RP },
		{ "a.b", "", 0, 0, FAKE_RP },
		{ "twelve_chars", "", 0, 0, FAKE_RP },
		{ "a", "nobody", 0, 0, FAKE_RP },
		{ "a", "a", 0, 0, FAKE_RP },
		{ "a", "", 32, 0, FAKE_RP },
		{ "a", "", 0, 8, FAKE_RP },
		{ "a", "", 0, 0, 0x12 },
		{ "a", "", 0, 0, FAKE_RP, .acs = FAKE_ACS(0, 0, .at = 0x102) },
		{ "a", "", 0, 0, FAKE_RP, .acs = FAKE_ACS(0, 0, .at = 0x104) },
		{ "a", "", 0, 0, FAKE_RP, .acs = FAKE_ACS(0, 0, .at = 0x40) },
		{ "a", "", 0, 0, FAKE_RP, .acs = FAKE_ACS(0, 0, .at = 0xffc) },
		{ "a", "", 0, 0, FAKE_RP,
		  .acs = FAKE_ACS(0x20, 0, .at = 0xff0) },
		{ "a", "", 0, 0, FAKE_RP, .acs = { .layout = 3 } },
		{ "a", "", 0, 0, FAKE_RP, .bar = { 0, 0, 4096 } },
		{ "a", "", 0, 0, FAKE_EP, .bar = { 8 } },
		{ "a", "", 0, 0, FAKE_EP, .bar = { 4097 } },
		{ "a", "", 0, 0, FAKE_EP, .bar = { 0x80000000 } },
		{ "a", "", 0, 0, FAKE_EP, .vfs.on = 1 },
		{ "a", "", 0, 0, FAKE_EP, .vfs.total = 1, .vfs.on = 2 },
		{ "a", "", 0, 0, FAKE_EP, .vfs.total = FAKE_MAX_VFS + 1 },
		{ "a", "", 0, 0, FAKE_RP, .vfs.total = 1 },
		{ "a", "", 0, 0, FAKE_PCI, .vfs.total = 1 },
		{ "a", "", 0, 0, FAKE_EP, .vfs.total = 2,
		  .vfs.stride = 0xffff },
		{ "a", "", 0, 0, FAKE_EP, .raw = image, .raw_len = 63 },
		{ "a", "", 0, 0, FAKE_EP, .raw = image, .raw_len = 4097 },
	};
	static const struct fake_dev two[][2] = {
		{ { "a", "", 0, 0 }, { "a", "", 1, 0 } },
		{ { "a", "", 1, 0 }, { "b", "", 1, 0 } },
		{ { "a", "", 1, 0 }, { "b", "a", 1, 0 } },
		{ { "a", "b", 1, 0 }, { "b", "", 1, 0, FAKE_RP } },
		{ { "a", "", 0, 0, .vfs.total = 1, .vfs.offset = 8 },
		  { "b", "", 1, 0 } },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(one); i++)
		KUNIT_EXPECT_EQ_MSG(test, PTR_ERR(fake_host_create(&one[i], 1)),
				    (long)-EINVAL, "one[%u]", i);
	for (i = 0; i < ARRAY_SIZE(two); i++)
		KUNIT_EXPECT_EQ_MSG(test, PTR_ERR(fake_host_create(two[i], 2)),
				    (long)-EINVAL, "two[%u]", i);
	KUNIT_EXPECT_EQ(test, PTR_ERR(fake_host_create(one, 0)), (long)-EINVAL);
	KUNIT_EXPECT_EQ(test, PTR_ERR(fake_host_create(one, FAKE_MAX_FNS + 1)),
			(long)-EINVAL);
}

/* Inconsistent bus numbers are accepted: the PCI core corrects them. */
void fake_crossed_buses(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "back", "", 1, 0, FAKE_RP, .sec = 9, .sub = 3 },
		{ "ep0", "back", 0, 0, FAKE_EP },
		{ "same", "", 2, 0, FAKE_RP, .sec = 0x20, .sub = 0x2f },
		{ "ep1", "same", 0, 0, FAKE_EP },
		{ "too", "", 3, 0, FAKE_RP, .sec = 0x20, .sub = 0x2f },
		{ "ep2", "too", 0, 0, FAKE_EP },
		{ "outer", "", 4, 0, FAKE_RP, .sec = 0x30, .sub = 0x31 },
		{ "inner", "outer", 0, 0, FAKE_UP, .sec = 0x50, .sub = 0x60 },
		{ "ep3", "inner", 0, 0, FAKE_DP },
	};
	static const struct fake_dev full[] = {
		{ "back", "", 1, 0, FAKE_RP, .sec = 9, .sub = 3 },
		{ "last", "", 5, 0, FAKE_RP, .sec = 0xff, .sub = 0xff },
	};
	/* The bus for the VFs of the second PF is in use by the first. */
	static const struct fake_dev no_bus[] = {
		{ "rp0", "", 1, 0, FAKE_RP },
		{ "pf0", "rp0", 0, 0, FAKE_EP, .vfs.total = 2, .vfs.on = 2 },
		{ "rp1", "", 2, 0, FAKE_RP, .sec = 2, .sub = 2 },
		{ "pf1", "rp1", 0, 0, FAKE_EP, .vfs.total = 2, .vfs.on = 2,
		  .vfs.offset = 300 },
	};
	struct fake_host *host = make_host(test, decl, ARRAY_SIZE(decl));

	KUNIT_EXPECT_EQ(test, PTR_ERR(fake_host_create(no_bus, 4)),
			(long)-ENOMEM);
	get_fn(test, host, "ep0");
	KUNIT_EXPECT_GT(test, get_fn(test, host, "back")->subordinate->number,
			9);
	KUNIT_EXPECT_EQ(test, PTR_ERR(fake_host_create(full, 2)),
			(long)-EINVAL);
}

/* A chain of the maximum depth, and one that is deeper. */
void fake_depth(struct kunit *test)
{
	struct fake_dev *decl;
	unsigned int i;

	decl = kunit_kcalloc(test, FAKE_MAX_DEPTH + 1, sizeof(*decl),
			     GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, decl);
	for (i = 0; i <= FAKE_MAX_DEPTH; i++) {
		snprintf(decl[i].name, FAKE_NAME_LEN, "b%u", i);
		if (i)
			strscpy(decl[i].up, decl[i - 1].name, FAKE_NAME_LEN);
		decl[i].type = i ? FAKE_UP + (i + 1) % 2 : FAKE_RP;
	}
	KUNIT_EXPECT_EQ(test,
			PTR_ERR(fake_host_create(decl, FAKE_MAX_DEPTH + 1)),
			(long)-EINVAL);
	get_fn(test, make_host(test, decl, FAKE_MAX_DEPTH),
	       decl[FAKE_MAX_DEPTH - 1].name);
}

/* Random images, with a header that the PCI core accepts. */
void fake_noise(struct kunit *test)
{
	u8 *image = kunit_kzalloc(test, 4096, GFP_KERNEL);
	struct rnd_state rnd;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, image);
	kunit_info(test, "seed %d, %u hosts\n", FUZZ_SEED, noise_hosts);
	prandom_seed_state(&rnd, FUZZ_SEED);
	for (i = 0; i < noise_hosts; i++) {
		struct fake_dev decl[] = {
			{ "rp", "", 1, 0, FAKE_RP },
			{ "x", "rp", 0, 0, .raw = image, .raw_len = 4096 },
			{ "ep", "rp", 1, 0, FAKE_EP },
			{ "y", "", 2, 0, .raw = image, .raw_len = 4096 },
			{ "z", "", 3, 0, .raw = image, .raw_len = 256 },
		};

		prandom_bytes_state(&rnd, image, 4096);
		image[PCI_HEADER_TYPE] &= 0x81;
		image[PCI_STATUS] |= PCI_STATUS_CAP_LIST;
		if (image[PCI_HEADER_TYPE] & 1) {
			image[PCI_CLASS_DEVICE] = 0x04;
			image[PCI_CLASS_DEVICE + 1] = 0x06;
		}
		/* Every second image has a list with a valid first ID. */
		if (i & 1) {
			image[PCI_CAPABILITY_LIST] = 0x40;
			image[0x40] = PCI_CAP_ID_EXP;
			image[0x100] = prandom_u32_state(&rnd) % 0x30;
			image[0x101] = 0;
		}
		make_host(test, decl, ARRAY_SIZE(decl));
		drop_hosts(test);
	}
}

/* ---- In print ---- */

/* clang-format off */
#define LINE(...) { { __VA_ARGS__ }, "{ " #__VA_ARGS__ " }," }
/* clang-format on */

/* The printed text of a declaration is its source text. */
void fake_print(struct kunit *test)
{
	static const struct {
		struct fake_dev decl;
		const char *text;
	} lines[] = {
		LINE("rp", "", 1, 0, FAKE_RP),
		LINE("x", "", 31, 7, 0xb),
		LINE("rp", "", 1, 0, FAKE_RP, .flags = FAKE_MFD | FAKE_CAP_LOOP,
		     .acs = FAKE_ACS(0x5f, 0x1d)),
		LINE("a", "b", 0, 0, FAKE_PCI,
		     .acs = FAKE_ACS_PCH(0xf, 0x0, .rw = 0xf), .vendor = 0x8086,
		     .device = 0xa110, .class = 0x60400),
		LINE("a", "b", 0, 0, FAKE_DP,
		     .acs = FAKE_ACS(0x3f, 0x1d, .at = 0x148, .egress = 0x1),
		     .bar = { 0x1000, 0x0, 0x10 }, .sec = 3, .sub = 4),
		LINE("pf", "b", 0, 0, FAKE_EP, .vfs.total = 8, .vfs.on = 2,
		     .vfs.offset = 16, .vfs.stride = 2, .vfs.flags = FAKE_ATS,
		     .vfs.acs = FAKE_ACS(0xc, 0x4), .vfs.group = 7,
		     .alias = FAKE_ALIAS(1, 2), .group = 5),
	};
	char buf[512];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		int len = fake_dev_print(buf, sizeof(buf), &lines[i].decl);

		KUNIT_EXPECT_STREQ(test, buf, lines[i].text);
		KUNIT_EXPECT_EQ(test, len, (int)strlen(lines[i].text));
	}
	KUNIT_EXPECT_EQ(test, fake_dev_print(buf, 8, &lines[0].decl), 7);
	KUNIT_EXPECT_STREQ(test, buf, "{ \"rp\",");
}

/* A subtree is removed, wherever its functions are in the array. */
void fake_drop(struct kunit *test)
{
	struct fake_dev decl[] = {
		{ "a", "", 1, 0, FAKE_RP },
		{ "b", "", 2, 0, FAKE_RP },
		{ "aa", "a", 0, 0, FAKE_UP },
		{ "ba", "b", 0, 0, FAKE_EP },
		{ "aaa", "aa", 0, 0, FAKE_DP },
		{ "aab", "aa", 1, 0, FAKE_DP },
		{ "c", "", 3, 0, FAKE_RP },
		{ "aaaa", "aaa", 0, 0, FAKE_EP },
	};
	unsigned int n = fake_decl_drop(decl, ARRAY_SIZE(decl), 4);

	KUNIT_EXPECT_EQ(test, n, 6u);
	KUNIT_EXPECT_STREQ(test, decl[5].name, "c");
	n = fake_decl_drop(decl, n, 0);
	KUNIT_ASSERT_EQ(test, n, 3u);
	KUNIT_EXPECT_STREQ(test, decl[0].name, "b");
	KUNIT_EXPECT_STREQ(test, decl[1].name, "ba");
	KUNIT_EXPECT_STREQ(test, decl[2].name, "c");
	get_fn(test, make_host(test, decl, n), "ba");
}
