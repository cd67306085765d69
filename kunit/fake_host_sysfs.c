// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fake host, while it is up: through sysfs, as an administrator would
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "fake_host_private.h"

/* Write to, or read from, a file; its result, 0 for all that was written. */
static int file_io(const char *path, char *buf, size_t size, bool write)
{
	struct file *file = filp_open(path, write ? O_WRONLY : O_RDONLY, 0);
	loff_t pos = 0;
	ssize_t len;

	if (IS_ERR(file))
		return PTR_ERR(file);
	if (write)
		len = kernel_write(file, buf, size, &pos);
	else
		len = kernel_read(file, buf, size, &pos);
	filp_close(file, NULL);
	if (write && len >= 0)
		return len == size ? 0 : -EIO;
	return len;
}

static int write_path(char *path, const char *text)
{
	char *copy = kstrdup(text, GFP_KERNEL);
	int err = -ENOMEM;

	if (path && copy)
		err = file_io(path, copy, strlen(copy), true);
	kfree(copy);
	kfree(path);
	return err;
}

static char *attr_path(struct fake_host *host, const char *name,
		       const char *attr)
{
	struct pci_dev *pdev = fake_host_dev(host, name);

	return kasprintf(GFP_KERNEL, "/sys/bus/pci/devices/%s/%s",
			 pdev ? pci_name(pdev) : "-", attr);
}

/**
 * fake_host_write() - write to an attribute of a device
 * @host: the host
 * @name: the function
 * @attr: the attribute, such as "driver_override" or "acs_guard/permissive"
 * @text: what to write
 *
 * Needs sysfs to be mounted at /sys, as do the calls that follow.
 *
 * Return: 0 or the error that write(2), or open(2), gives.
 */
int fake_host_write(struct fake_host *host, const char *name, const char *attr,
		    const char *text)
{
	return write_path(attr_path(host, name, attr), text);
}

/**
 * fake_host_read() - read an attribute of a device
 * @host: the host
 * @name: the function
 * @attr: the attribute
 * @buf: where to; always ends with NUL
 * @size: of @buf
 *
 * Return: the length, or the error that read(2), or open(2), gives.
 */
int fake_host_read(struct fake_host *host, const char *name, const char *attr,
		   char *buf, size_t size)
{
	char *path = attr_path(host, name, attr);
	int len = -ENOMEM;

	*buf = '\0';
	if (path)
		len = file_io(path, buf, size - 1, false);
	if (len >= 0)
		buf[len] = '\0';
	kfree(path);
	return len;
}

/**
 * fake_host_bind() - ask for a driver, as "echo BDF > drivers/DRIVER/bind" does
 * @host: the host
 * @name: the function
 * @driver: the driver; it has to match, by its IDs or by driver_override
 *
 * Return: 0 or the error that write(2) gives.
 */
int fake_host_bind(struct fake_host *host, const char *name, const char *driver)
{
	struct pci_dev *pdev = fake_host_dev(host, name);

	if (!pdev)
		return -ENODEV;
	return write_path(kasprintf(GFP_KERNEL, "/sys/bus/pci/drivers/%s/bind",
				    driver),
			  pci_name(pdev));
}

/**
 * fake_host_unbind() - take a driver off
 * @host: the host
 * @name: the function
 *
 * Return: 0 or the error that write(2) gives; -ENOENT if there is no driver.
 */
int fake_host_unbind(struct fake_host *host, const char *name)
{
	struct pci_dev *pdev = fake_host_dev(host, name);

	if (!pdev)
		return -ENODEV;
	return fake_host_write(host, name, "driver/unbind", pci_name(pdev));
}

/**
 * fake_host_probe() - let the driver core find a driver, through drivers_probe
 * @host: the host
 * @name: the function
 *
 * Return: 0, which need not mean that there is a driver now, or the error that
 * write(2) gives.
 */
int fake_host_probe(struct fake_host *host, const char *name)
{
	struct pci_dev *pdev = fake_host_dev(host, name);

	if (!pdev)
		return -ENODEV;
	return write_path(kstrdup("/sys/bus/pci/drivers_probe", GFP_KERNEL),
			  pci_name(pdev));
}
