// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: names of devices, by libpci
 *
 * libpci reads its list of names when the first name is looked up.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <strings.h>

#include "names.h"

/* The types of home.h are the ones that libpci wants. */
#define PCI_HAVE_Uxx_TYPES
#include <pci/pci.h>

#include "output.h"

#define MAX_NAME 512

static struct pci_access *access;

static void ignore(char *format, ...)
{
	(void)format;
}

/* libpci has a complaint about its list of names, and cannot go on. */
__attribute__((__noreturn__)) static void fail(char *format, ...)
{
	char words[MAX_NAME];
	va_list args;

	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	die("%s", words);
}

static void set_up(void)
{
	const char *path = getenv("ACS_GUARD_PCI_IDS");

	access = pci_alloc();
	access->error = fail;
	access->warning = ignore;
	access->debug = ignore;
	pci_set_param(access, "hwdb.disable", "1");
	if (path)
		pci_set_name_list_path(access, copy_text(path), 1);
}

void names_close(void)
{
	if (access)
		pci_cleanup(access);
	access = NULL;
}

/* Return: the name as the list has it, or NULL. */
static const char *look_up(char *buf, int flags, int a, int b)
{
	if (!access)
		set_up();
	return pci_lookup_name(access, buf, MAX_NAME,
			       flags | PCI_LOOKUP_NO_NUMBERS, a, b);
}

static const char *class_name(unsigned int class, char *buf)
{
	const char *name = look_up(buf, PCI_LOOKUP_CLASS, (int)class, 0);

	/* Of a subclass without a name, its base class may have one. */
	return name && !starts(name, "Class ") ? name : NULL;
}

static bool ends(const char *text, size_t len, const char *with)
{
	const size_t size = strlen(with);

	return len >= size && !strncasecmp(text + len - size, with, size);
}

/* A vendor's name without its legal form. */
static void shorten(const char *name, struct text *to)
{
	static const char *const forms[] = {
		" and subsidiaries",
		" Corporation",
		" Corp.",
		" Corp",
		" Incorporated",
		" Inc.",
		" Inc",
		" Co., Ltd.",
		" Co., Ltd",
		" Co.,Ltd.",
		" Ltd.",
		" Ltd",
		" GmbH",
		" LLC",
		" Limited",
	};
	const char *open = strchr(name, '['), *close;
	size_t len = strlen(name), i;

	close = open ? strchr(open, ']') : NULL;
	if (close) {
		text_add_bytes(to, open + 1, (size_t)(close - open - 1));
		return;
	}
	for (i = 0; i < ARRAY_SIZE(forms); i++)
		if (ends(name, len, forms[i])) {
			len -= strlen(forms[i]);
			if (len && name[len - 1] == ',')
				len--;
			if (i)
				break;
		}
	text_add_bytes(to, name, len);
}

/* What stands in the words of a dump goes before a list of today. */
static void add_device(const struct function *fn, struct text *to)
{
	char buf[MAX_NAME];
	const char *name;

	if (fn->flags & FN_NO_ANSWER) {
		text_add(to, "no answer");
		return;
	}
	if (fn->flags & (FN_NO_VENDOR | FN_NO_DEVICE)) {
		text_add(to, "%s",
			 fn->words ? fn->words : "device without a name");
		return;
	}
	name = look_up(buf, PCI_LOOKUP_VENDOR, vendor_of(fn), 0);
	if (!name) {
		text_add(to, "device %04x:%04x", vendor_of(fn), device_of(fn));
		return;
	}
	shorten(name, to);
	name = look_up(buf, PCI_LOOKUP_DEVICE, vendor_of(fn), device_of(fn));
	if (name)
		text_add(to, " %s", name);
	else
		text_add(to, " device %04x", device_of(fn));
}

/**
 * class_name_of() - the kind of a function, in words
 * @fn: the function
 *
 * Return: its name, in memory that the next call uses again.
 */
const char *class_name_of(const struct function *fn)
{
	static char buf[MAX_NAME];
	const char *name = NULL;

	if (fn->flags & FN_NO_CLASS && fn->class_words)
		return fn->class_words;
	if (!(fn->flags & (FN_NO_CLASS | FN_NO_ANSWER)))
		name = class_name(fn->class >> 8, buf);
	if (name)
		return name;
	snprintf(buf, sizeof(buf), "class %04x", fn->class >> 8);
	return buf;
}

/* Virtual functions and ports are many, and alike. */
static bool is_named_alike(const struct function *fn,
			   const struct function *other)
{
	return other && fn->id == other->id && fn->class == other->class &&
	       fn->flags == other->flags &&
	       !(fn->flags & (FN_NO_CLASS | FN_NO_VENDOR | FN_NO_DEVICE));
}

/**
 * name_of() - a function, in words
 * @machine: the machine
 * @fn: the function
 *
 * Return: "Ethernet controller: Intel 82574L", which steers no terminal.
 */
const char *name_of(struct machine *machine, const struct function *fn)
{
	struct text name = {};
	const char *tidied;

	if (is_named_alike(fn, machine->named))
		return machine->name;

	text_add(&name, "%s: ", class_name_of(fn));
	add_device(fn, &name);
	tidied = tidy(&machine->arena, text_get(&name));
	text_free(&name);
	machine->named = fn;
	machine->name = tidied;
	return tidied;
}

/**
 * names_is_intel() - does a name begin with that of Intel?
 * @text: the names of a vendor and a device, as lspci has printed them
 * @len: their length
 */
bool names_is_intel(const char *text, size_t len)
{
	/* No other vendor in the list has a name that begins so. */
	return len > 18 && starts(text, "Intel Corporation ");
}

/**
 * names_of_id() - the names of a vendor and a device, as lspci prints them
 * @vendor: the vendor ID
 * @device: the device ID
 *
 * Return: the names, which the caller frees; NULL if the list has none.
 */
char *names_of_id(u16 vendor, u16 device)
{
	char buf[MAX_NAME];
	const char *name = look_up(buf, PCI_LOOKUP_VENDOR | PCI_LOOKUP_DEVICE,
				   vendor, device);

	return name ? copy_text(name) : NULL;
}

/* ---- vendors, and devices of Intel, by name ---- */

#define NUM_IDS 0x10000

/* Names of vendors that are not Intel's, and of devices that are. */
static struct name_table {
	char *names[NUM_IDS];
	size_t count;
} vendors, intel_devices;

/* What begins so may be Intel's, whatever vendor the list has for it. */
static bool may_be_intel(const char *text)
{
	return starts(text, "Intel");
}

static void fill_vendors(void)
{
	char buf[MAX_NAME];
	const char *name;
	int id;

	for (id = 0; id < NUM_IDS; id++) {
		name = look_up(buf, PCI_LOOKUP_VENDOR, id, 0);
		if (name && !may_be_intel(name))
			vendors.names[vendors.count++] = copy_text(name);
	}
}

static void fill_intel_devices(void)
{
	unsigned int id;
	char *name;

	for (id = 0; id < NUM_IDS; id++) {
		name = names_of_id(PCI_VENDOR_ID_INTEL, (u16)id);
		if (name)
			intel_devices.names[intel_devices.count++] = name;
	}
}

static bool has_known_vendor(const char *text)
{
	size_t i, len;

	if (!vendors.count)
		fill_vendors();
	for (i = 0; i < vendors.count; i++) {
		len = strlen(vendors.names[i]);
		if (starts(text, vendors.names[i]) && text[len] == ' ')
			return true;
	}
	return false;
}

static bool is_known_intel(const char *text)
{
	size_t i;

	if (!intel_devices.count)
		fill_intel_devices();
	for (i = 0; i < intel_devices.count; i++)
		if (!strcmp(text, intel_devices.names[i]))
			return true;
	return false;
}

/**
 * names_tell_device() - does a name tell which device of Intel it is, if any?
 * @text: the names of a vendor and a device, as lspci has printed them
 *
 * Return: true if the list has the names for a device of Intel, or the name of
 * the vendor for another one; false if it may be a device of Intel with a name
 * that is not in the list.
 */
bool names_tell_device(const char *text)
{
	return may_be_intel(text) ? is_known_intel(text) :
				    has_known_vendor(text);
}

/* ---- classes by name ---- */

#define NUM_CLASSES 0x1400
#define MAX_CLASSES 256

static struct {
	char *name;
	unsigned int code;
} classes[MAX_CLASSES];

/* Rules depend on these, so they need no list. */
static void add_known_classes(void)
{
	classes[0].name = "PCI bridge";
	classes[0].code = 0x0604;
	classes[1].name = "Host bridge";
	classes[1].code = 0x0600;
	classes[2].name = "CardBus bridge";
	classes[2].code = 0x0607;
	classes[3].name = "RAID bus controller";
	classes[3].code = 0x0104;
}

static void add_classes(void)
{
	char buf[MAX_NAME];
	unsigned int code, count = 4;
	const char *name;

	add_known_classes();
	for (code = 0; code < NUM_CLASSES && count < MAX_CLASSES; code++) {
		name = class_name(code, buf);
		/* Of a subclass without a name: "Base class [0807]". */
		if (!name || name[strlen(name) - 1] == ']')
			continue;
		classes[count].name = copy_text(name);
		classes[count++].code = code;
	}
}

/**
 * names_class_of() - the class code of a kind of function
 * @text: its name, as lspci has printed it
 * @class: base class and subclass
 *
 * Return: false if the list has no such name.
 */
bool names_class_of(const char *text, unsigned long *class)
{
	size_t i;

	if (!classes[0].name)
		add_classes();
	for (i = 0; i < MAX_CLASSES && classes[i].name; i++)
		if (!strcmp(text, classes[i].name)) {
			*class = classes[i].code;
			return true;
		}
	return false;
}
