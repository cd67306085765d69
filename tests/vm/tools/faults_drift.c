// SPDX-License-Identifier: GPL-2.0-only
/*
 * Operations that need more than a file: drift, and reads of all attributes.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "faults.h"

static uint16_t acs_was;
static int acs_at;
static int messages = -1;

static uint32_t config_dword(int fd, int where)
{
	uint32_t value = 0;

	if (pread(fd, &value, sizeof(value), where) != sizeof(value))
		wrong("the port's registers cannot be read");
	return value;
}

/* Writes the control register of the port's ACS. */
static void set_acs(uint16_t value)
{
	const int fd = open_file(path(PCI "/devices/%s/config", port), O_RDWR);
	int where = 0x100;

	while (!acs_at) {
		const uint32_t header = config_dword(fd, where);

		if ((header & 0xffff) == 0xd)
			acs_at = where + 6;
		where = header >> 20;
		if (!acs_at && where < 0x100)
			wrong("the port has no ACS");
	}
	if (!acs_was)
		acs_was = config_dword(fd, acs_at - 2) >> 16;
	if (pwrite(fd, &value, sizeof(value), acs_at) != sizeof(value))
		wrong("the port's registers cannot be written");
	close(fd);
}

/* How many lines since the last call have @text. */
static unsigned int count_messages(const char *text)
{
	unsigned int count = 0;
	char record[2048];
	ssize_t len;

	for (;;) {
		len = read(messages, record, sizeof(record) - 1);
		if (len < 0 && errno == EPIPE)
			continue;
		if (len < 0)
			break;
		record[len] = '\0';
		count += !!strstr(record, text);
	}
	return count;
}

void have_drift(void)
{
	ask_for_good();
	must_put(VFIO "/bind", good);
	if (messages < 0)
		messages = open_file("/dev/kmsg", O_RDONLY | O_NONBLOCK);
	set_acs(0);
	count_messages("");
}

/* It is reported once, by this write or, if that failed, by the next. */
void check_drift(int err)
{
	unsigned int reports;

	(void)err;
	check_driver(good, "vfio-pci");
	must_put(PARAMETERS "/recheck", "1");
	reports = count_messages("action=drift");
	if (reports != 1)
		wrong("the drift was reported %u times", reports);
	check_driver(good, "vfio-pci");
}

void undo_drift(void)
{
	set_acs(acs_was);
	undo_allowed();
	must_put(PARAMETERS "/recheck", "1");
	check_value(attribute(good, "isolated"), "1");
}

static char content[PAGE], content_wanted[PAGE];

/* Two system calls: the first read of an open file is where it all happens. */
int read_content(void)
{
	const char *name = op->file[0] == '/' ? op->file :
						attribute(bad, op->file);
	const int fd = open(name, O_RDONLY | O_CLOEXEC);
	ssize_t len;
	int err = 0;

	memset(content, 0, sizeof(content));
	if (fd < 0)
		return -errno;
	len = read(fd, content, sizeof(content) - 1);
	if (len < 0)
		err = -errno;
	close(fd);
	return err;
}

void read_wanted(void)
{
	const int err = read_content();

	if (err)
		wrong("cannot be read at all: %s", strerror(-err));
	memcpy(content_wanted, content, sizeof(content));
}

void check_content(int err)
{
	if (!err && strcmp(content, content_wanted))
		wrong("says '%s', not '%s'", content, content_wanted);
}
