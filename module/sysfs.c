// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the attributes, /sys/bus/pci/devices/BDF/acs_guard/
 *
 * While an attribute is in use, its function has an entry in the registry: the
 * entry is freed after the attributes are removed, and the removal waits for
 * users.  For the same reason, no function here takes the mutex of the
 * registry, the device lock or a lock of the PCI core: the remover holds it.
 */
#include <linux/capability.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "engine.h"
#include "examine.h"
#include "exception.h"
#include "registry.h"
#include "settings.h"
#include "sysfs.h"

static ssize_t permissive_show(struct device *dev,
			       struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n",
			  acs_guard_is_permissive(to_pci_dev(dev)));
}

/*
 * Stricter than kstrtobool(), which reads the first letter only and would
 * accept "10".
 *
 * Return: 1 or 0, or -EINVAL.
 */
static int parse_switch(const char *buf, size_t count)
{
	static const char *const words[] = { "0", "n", "off", "1", "y", "on" };
	int index;

	if (strnlen(buf, count) != count)
		return -EINVAL;
	index = sysfs_match_string(words, buf);
	return index < 0 ? -EINVAL : index >= ARRAY_SIZE(words) / 2;
}

static ssize_t permissive_store(struct device *dev,
				struct device_attribute *attr, const char *buf,
				size_t count)
{
	const int value = parse_switch(buf, count);
	int err;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (value < 0)
		return value;

	err = acs_guard_set_permissive(to_pci_dev(dev), value);
	return err ?: count;
}
static DEVICE_ATTR_RW(permissive);

static ssize_t isolated_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	const struct acs_guard_settings settings = acs_guard_settings();
	struct acs_guard_verdict verdict;

	acs_guard_examine(to_pci_dev(dev), &settings.policy, &verdict);
	return sysfs_emit(buf, "%d\n", verdict.reason == ACS_GUARD_ISOLATED);
}
static DEVICE_ATTR_RO(isolated);

static ssize_t reason_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	const struct acs_guard_settings settings = acs_guard_settings();
	struct acs_guard_verdict verdict;
	char line[256];

	acs_guard_examine(to_pci_dev(dev), &settings.policy, &verdict);
	acs_guard_explain(&verdict, line, sizeof(line));
	return sysfs_emit(buf, "%s\n", line);
}
static DEVICE_ATTR_RO(reason);

static ssize_t group_isolated_show(struct device *dev,
				   struct device_attribute *attr, char *buf)
{
	const struct acs_guard_settings settings = acs_guard_settings();
	struct acs_guard_verdict verdict;

	acs_guard_examine(to_pci_dev(dev), &settings.policy, &verdict);
	return sysfs_emit(buf, "%d\n",
			  acs_guard_in_group(to_pci_dev(dev), &verdict));
}
static DEVICE_ATTR_RO(group_isolated);

/* The shortest line is "0000:00:00.0\n", so a page holds no more of them. */
#define MIN_PEER_LINE 13
#define MAX_PEER_LINE (sizeof(struct acs_guard_name))
#define PEERS_OF_PAGE (PAGE_SIZE / MIN_PEER_LINE)

/* Room for "+4294967295 more\n", if the page does not hold all peers. */
#define MORE_ROOM 24

static ssize_t peers_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	const struct acs_guard_settings settings = acs_guard_settings();
	struct acs_guard_peers peers = { .room = PEERS_OF_PAGE };
	struct acs_guard_verdict verdict;
	unsigned int i;
	int len = 0;

	peers.bdf = kmalloc_array(peers.room, sizeof(*peers.bdf), GFP_KERNEL);
	if (!peers.bdf)
		return -ENOMEM;
	acs_guard_examine(to_pci_dev(dev), &settings.policy, &verdict);
	acs_guard_find_peers(to_pci_dev(dev), &verdict, &peers);
	for (i = 0; i < min(peers.count, peers.room); i++) {
		if (len + MAX_PEER_LINE + MORE_ROOM > PAGE_SIZE)
			break;
		/* Copied, not formatted again: a page holds some 300 names. */
		len += strscpy(buf + len, acs_guard_name(peers.bdf[i]).text,
			       MAX_PEER_LINE);
		buf[len++] = '\n';
	}
	if (peers.count > i)
		len += sysfs_emit_at(buf, len, "+%u more\n", peers.count - i);
	kfree(peers.bdf);
	return len;
}
static DEVICE_ATTR_RO(peers);

static ssize_t denied_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	return sysfs_emit(buf, "%u\n", acs_guard_denied(to_pci_dev(dev)));
}
static DEVICE_ATTR_RO(denied);

/* clang-format off */
static struct attribute *attrs[] = {
	&dev_attr_permissive.attr,
	&dev_attr_isolated.attr,
	&dev_attr_group_isolated.attr,
	&dev_attr_reason.attr,
	&dev_attr_peers.attr,
	&dev_attr_denied.attr,
	NULL,
};

/* clang-format on */

/* The attributes of each function with an entry in the registry. */
const struct attribute_group acs_guard_attributes = {
	.name = "acs_guard",
	.attrs = attrs,
};
