// SPDX-License-Identifier: GPL-2.0-only
/*
 * The operations.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "faults.h"

#define ID "8086 10d3"

/*
 * When the PCI core has found a device, this is what offers it to drivers. What
 * comes before that knows no lack of memory: pci_setup_device() does not look
 * whether the device got its name, pci_device_add() warns (WARN_ON(ret < 0))
 * and goes on with a device that the driver core has turned down,
 * pdev_sort_resources() panics, and pci_create_resource_files() leaves pointers
 * to freed attributes.
 */
static const struct code offer_device = { "__device_attach", "" };

/*
 * When it fails half-way, vfio_group_release() warns
 * (WARN_ON(group->iommu_group)).  vfio-pci's probe calls it: the guard has said
 * yes by then.
 */
static const struct code make_group = { "vfio_create_group", "vfio" };

/*
 * Our init, and not what the kernel does before it: that warns when it has no
 * memory for the names of a tracepoint's fields (event_define_fields()), and
 * only one place can be spared.
 */
static const struct code run_init = { "do_one_initcall", "" };

/* Shows a call trace when it fails, which is one of the signs of a splat. */
static const struct code get_pages = { "__vmalloc_node_range_noprof", "" };

int act_load(void)
{
	return load_from(file);
}

static void check_load(int err)
{
	if (!err) {
		if (!is_loaded())
			wrong("the guard is loaded, and is not there");
		check_guarding();
		return;
	}
	if (exists(MODULE))
		wrong("the load failed (%s), and the guard is there",
		      strerror(-err));
	if (has_attributes(bad) || has_attributes(good))
		wrong("the load failed, and left attributes");
}

static int act_unload(void)
{
	return unload_guard();
}

static void check_unload(int err)
{
	if (err) {
		check_guarding();
		return;
	}
	if (exists(MODULE) || has_attributes(bad) || has_attributes(good))
		wrong("something of the guard is left");
}

static void check_permissive(int err)
{
	check_value(attribute(bad, "permissive"), err ? "0" : "1");
	if (err)
		check_refusal();
}

static void undo_permissive(void)
{
	must_put(attribute(bad, "permissive"), "0");
}

static void check_mode(int err)
{
	check_value(PARAMETERS "/mode", err ? "enforce" : "audit");
	if (err)
		check_refusal();
}

static void undo_mode(void)
{
	must_put(PARAMETERS "/mode", "enforce");
	check_refusal();
}

static long denied_before;

static void ask_for_bad(void)
{
	set_override(bad, driver());
	denied_before = denied(bad);
}

/* A bind that the kernel gave up by itself need not have come to the guard. */
static void check_refused(int err)
{
	const long more = denied(bad) - denied_before;

	if (!err)
		wrong("the write succeeded");
	if (more != 0 && more != 1)
		wrong("counted %ld times", more);
	set_override(bad, "");
	check_refusal();
}

static int act_write_address(const char *device)
{
	return write(file, device, strlen(device)) < 0 ? -errno : 0;
}

static int act_bad(void)
{
	return act_write_address(bad);
}

static int act_good(void)
{
	return act_write_address(good);
}

void ask_for_good(void)
{
	set_override(good, driver());
}

static void check_allowed(int err)
{
	check_driver(good, err ? "none" : driver());
}

void undo_allowed(void)
{
	take_driver(good);
	set_override(good, "");
}

static void ask_with_exception(void)
{
	must_put(attribute(bad, "permissive"), "1");
	set_override(bad, driver());
}

static void check_exception(int err)
{
	check_driver(bad, err ? "none" : driver());
}

static void undo_exception(void)
{
	take_driver(bad);
	set_override(bad, "");
	must_put(attribute(bad, "permissive"), "0");
	check_refusal();
}

static void drop_id(void)
{
	const int err = put(at_driver("remove_id"), ID);

	if (err && err != -ENODEV)
		wrong("remove_id: %s", strerror(-err));
	unbind_all();
}

/* The ID is taken or not; each card of it is tried, and none may come through. */
static void check_new_id(int err)
{
	(void)err;
	drop_id();
	check_refusal();
}

static void check_new_id_before(int err)
{
	check_driver(bad, "none");
	check_new_id(err);
}

/* Whatever the last round left, it is to be found anew. */
static void remove_device(const char *device)
{
	if (is_present(device))
		must_put(path(PCI "/devices/%s/remove", device), "1");
}

static void remove_bad(void)
{
	remove_device(bad);
}

static void remove_good(void)
{
	remove_device(good);
}

static void find_devices(void)
{
	must_put(PCI "/rescan", "1");
}

static void find_again(void)
{
	remove_bad();
	remove_good();
	find_devices();
	if (!has_attributes(bad) || !has_attributes(good))
		wrong("found again, it has no attributes");
	check_guarding();
}

static void check_found(int err)
{
	(void)err;
	/* The PCI core may have had no memory for it: then it is not there. */
	if (!is_present(bad))
		return;
	check_attributes(bad);
	if (has_attributes(bad)) {
		check_value(attribute(bad, "permissive"), "0");
		check_value(attribute(bad, "isolated"), "0");
	}
	check_refusal();
}

static void check_found_good(int err)
{
	const char *name = driver_of(good);

	(void)err;
	if (strcmp(name, "none") && strcmp(name, driver()))
		wrong("bound to %s", name);
	check_attributes(good);
	if (is_present(good) && has_attributes(good))
		check_value(attribute(good, "isolated"), "1");
}

static void let_driver_wait(void)
{
	must_put(at_driver("new_id"), ID);
	unbind_all();
}

static void let_driver_go(void)
{
	drop_id();
	find_again();
}

/* clang-format off */
#define READ(what, which) \
	{ .name = what, .file = which, .act = read_content, \
	  .set_up = read_wanted, .check = check_content }
/* clang-format on */

const struct op ops[] = {
	{ .name = "load",
	  .only = &run_init,
	  .spared = &get_pages,
	  .file = KO,
	  .prepare = be_unloaded,
	  .act = act_load,
	  .check = check_load,
	  .undo = be_unloaded },
	{ .name = "unload",
	  .prepare = be_loaded,
	  .act = act_unload,
	  .check = check_unload },
	{ .name = "permissive",
	  .file = "permissive",
	  .text = "1",
	  .check = check_permissive,
	  .undo = undo_permissive },
	{ .name = "mode",
	  .file = PARAMETERS "/mode",
	  .text = "audit",
	  .check = check_mode,
	  .undo = undo_mode },
	{ .name = "refusal",
	  .file = VFIO "/bind",
	  .expected = -EPERM,
	  .prepare = ask_for_bad,
	  .act = act_bad,
	  .check = check_refused },
	{ .name = "refusal-probe",
	  .file = PCI "/drivers_probe",
	  .expected = -EINVAL,
	  .prepare = ask_for_bad,
	  .act = act_bad,
	  .check = check_refused },
	{ .name = "refusal-new-id",
	  .spared = &make_group,
	  .file = VFIO "/new_id",
	  .text = ID,
	  .check = check_new_id_before },
	{ .name = "allow",
	  .spared = &make_group,
	  .file = VFIO "/bind",
	  .prepare = ask_for_good,
	  .act = act_good,
	  .check = check_allowed,
	  .undo = undo_allowed },
	{ .name = "allow-stub",
	  .stub = true,
	  .file = STUB "/bind",
	  .prepare = ask_for_good,
	  .act = act_good,
	  .check = check_allowed,
	  .undo = undo_allowed },
	{ .name = "permissive-bind",
	  .spared = &make_group,
	  .file = VFIO "/bind",
	  .prepare = ask_with_exception,
	  .act = act_bad,
	  .check = check_exception,
	  .undo = undo_exception },
	{ .name = "recheck",
	  .file = PARAMETERS "/recheck",
	  .text = "1",
	  .prepare = have_drift,
	  .check = check_drift,
	  .undo = undo_drift },
	{ .name = "attributes",
	  .only = &guard_code,
	  .file = PCI "/rescan",
	  .text = "1",
	  .prepare = remove_bad,
	  .check = check_found,
	  .clean_up = find_again },
	{ .name = "hotplug-refused",
	  .only = &offer_device,
	  .stub = true,
	  .file = PCI "/rescan",
	  .text = "1",
	  .set_up = let_driver_wait,
	  .prepare = remove_bad,
	  .check = check_found,
	  .clean_up = let_driver_go },
	{ .name = "hotplug-allowed",
	  .only = &offer_device,
	  .stub = true,
	  .file = PCI "/rescan",
	  .text = "1",
	  .set_up = let_driver_wait,
	  .prepare = remove_good,
	  .check = check_found_good,
	  .clean_up = let_driver_go },
	READ("read-permissive", "permissive"),
	READ("read-isolated", "isolated"),
	READ("read-reason", "reason"),
	READ("read-peers", "peers"),
	READ("read-denied", "denied"),
	READ("read-mode", PARAMETERS "/mode"),
	READ("read-drivers", PARAMETERS "/drivers"),
	{},
};
