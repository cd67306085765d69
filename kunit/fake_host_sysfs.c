// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fake host: access to devices through sysfs, as by an administrator
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "fake_host_private.h"

/* Return: 0 for a complete write, the length that was read, or an error. */
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
 * @text: the text to write
 *
 * This and the following functions need sysfs at /sys.
 *
 * Return: 0, or an error of open(2) or write(2).
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
 * @buf: the text, which ends with NUL in any case
 * @size: the size of @buf
 *
 * Return: the length, or an error of open(2) or read(2).
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
 * fake_host_bind() - bind a driver, as "echo BDF > drivers/DRIVER/bind"
 * @host: the host
 * @name: the function
 * @driver: the driver, which has to match by its IDs or by driver_override
 *
 * Return: 0, or an error of write(2).
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
 * fake_host_unbind() - unbind the driver of a function
 * @host: the host
 * @name: the function
 *
 * Return: 0, -ENOENT if there is no driver, or an error of write(2).
 */
int fake_host_unbind(struct fake_host *host, const char *name)
{
	struct pci_dev *pdev = fake_host_dev(host, name);

	if (!pdev)
		return -ENODEV;
	return fake_host_write(host, name, "driver/unbind", pci_name(pdev));
}

/**
 * fake_host_probe() - search a driver by the attribute drivers_probe
 * @host: the host
 * @name: the function
 *
 * Return: 0, whether a driver is bound or not, or an error of write(2).
 */
int fake_host_probe(struct fake_host *host, const char *name)
{
	struct pci_dev *pdev = fake_host_dev(host, name);

	if (!pdev)
		return -ENODEV;
	return write_path(kstrdup("/sys/bus/pci/drivers_probe", GFP_KERNEL),
			  pci_name(pdev));
}
