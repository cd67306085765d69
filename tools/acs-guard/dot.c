// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: the picture as text for Graphviz
 *
 * It grows from left to right, and with the number of functions downwards: a
 * page is scrolled that way.
 */
#include <stdlib.h>

#include "dot.h"
#include "names.h"
#include "report.h"
#include "sysfs.h"
#include "tool.h"

/* Of a line in a box. */
#define MAX_WIDTH 26

/* So many functions of the chipset on one bus become one box. */
#define MIN_FOLDED 4

#define RED_EDGE "color=\"#e00000\", penwidth=3"

/**
 * struct picture - a picture that is being printed
 * @machine: the machine
 * @bypass: what is red
 * @folded: by function, it has no box of its own
 */
struct picture {
	struct machine *machine;
	const struct bypass *bypass;
	bool *folded;
};

/* ---- boxes ---- */

static void add_quoted(struct text *text, char c)
{
	if (c == '"' || c == '\\')
		text_add(text, "\\");
	text_add_bytes(text, &c, 1);
}

/* Words on lines of a box, as a string of DOT's. */
static void add_wrapped(struct text *text, const char *words)
{
	size_t column = 0, len, i;

	while (*(words += strspn(words, " "))) {
		len = strcspn(words, " ");
		if (column && column + len > MAX_WIDTH) {
			text_add(text, "\\n");
			column = 0;
		} else if (column) {
			text_add(text, " ");
			column++;
		}
		for (i = 0; i < len; i++)
			add_quoted(text, words[i]);
		column += len;
		words += len;
	}
}

static void print_box(u64 bdf, const struct text *label, const char *style,
		      const char *fill, const char *pen, bool wide)
{
	printf("\t\"%s\" [label=\"%s\", style=\"%s\", fillcolor=\"%s\", color=\"%s\"%s]\n",
	       acs_guard_name(bdf).text, text_get(label), style, fill, pen,
	       wide ? ", penwidth=3" : "");
}

static void print_function(struct machine *machine, const struct function *fn)
{
	static const struct {
		const char *fill;
		const char *pen;
	} colours[] = {
		[STATUS_UNKNOWN] = { "white", "gray40" },
		[STATUS_PORT] = { "white", "gray40" },
		[STATUS_OK] = { "#dcf0dc", "#408040" },
		[STATUS_REFUSED] = { "#f8d0d0", "#c00000" },
		[STATUS_EXCEPTION] = { "#fff0c0", "#b08000" },
		[STATUS_GROUP] = { "#fff0c0", "#b08000" },
	};
	const bool weak = fn->weak && is_port(fn);
	const enum status status = weak ? STATUS_REFUSED : fn->status;
	const char *colour, *word = label_of(fn, &colour);
	const char *uses = uses_of(machine, fn);
	struct text label = {};

	text_add(&label, "%s%s%s\\n", short_name(machine, fn->bdf),
		 *word ? "  " : "", word);
	add_wrapped(&label, name_of(machine, fn));
	if (weak) {
		text_add(&label, "\\n");
		add_wrapped(&label, plain_words(machine, fn->weak));
	}
	if (*uses) {
		text_add(&label, "\\n! ");
		add_wrapped(&label, uses);
	}
	print_box(fn->bdf, &label, is_port(fn) ? "filled" : "rounded,filled",
		  colours[status].fill, colours[status].pen, weak);
	text_free(&label);
}

static void print_hidden(const struct machine *machine, u64 bdf)
{
	printf("\t\"%s\" [label=\"%s\\nhidden: not listed\\nby the kernel\", style=\"rounded,dashed\", color=\"#c00000\"]\n",
	       acs_guard_name(bdf).text, short_name(machine, bdf));
}

/* ---- functions of the chipset, folded ---- */

static int first_child(const struct machine *machine, int parent)
{
	return parent == NONE ? machine->first_root :
				machine->fns[parent].first_child;
}

static bool can_fold(const struct machine *machine, const struct function *fn)
{
	return is_chipset(fn) && !is_exposed_in_use(machine, fn);
}

static void fold_children(struct picture *picture, int parent)
{
	const struct machine *machine = picture->machine;
	unsigned int count = 0;
	int number;

	for (number = first_child(machine, parent); number != NONE;
	     number = machine->fns[number].next_child)
		count += can_fold(machine, &machine->fns[number]);
	if (count < MIN_FOLDED)
		return;
	for (number = first_child(machine, parent); number != NONE;
	     number = machine->fns[number].next_child)
		picture->folded[number] =
			can_fold(machine, &machine->fns[number]);
}

static void print_name(const struct machine *machine, int number)
{
	printf("\"%s\"", number == NONE ?
				 "iommu" :
				 acs_guard_name(machine->fns[number].bdf).text);
}

/* The first of the functions that are folded below a bridge, or NULL. */
static const struct function *first_folded(const struct picture *picture,
					   int parent)
{
	const struct machine *machine = picture->machine;
	int number;

	for (number = first_child(machine, parent); number != NONE;
	     number = machine->fns[number].next_child)
		if (picture->folded[number])
			return &machine->fns[number];
	return NULL;
}

/* One box for all that are folded below a bridge. */
static void print_folded(const struct picture *picture, int parent)
{
	const struct function *fn, *first = first_folded(picture, parent);
	const struct machine *machine = picture->machine;
	unsigned int count = 0, ok = 0, refused = 0;
	const struct function *last = first;
	int number;

	if (!first)
		return;
	for (number = number_of(machine, first); number != NONE;
	     number = fn->next_child) {
		fn = &machine->fns[number];
		if (!picture->folded[number])
			continue;
		last = fn;
		count++;
		ok += fn->status == STATUS_OK;
		refused += fn->status == STATUS_REFUSED;
	}
	printf("\t\"chipset %s\" [label=\"%s to %s\\n%u functions of the chipset\\n%u OK, %u REFUSED\", style=\"rounded,dashed\", color=gray40]\n",
	       acs_guard_name(first->bdf).text, short_name(machine, first->bdf),
	       short_name(machine, last->bdf), count, ok, refused);
	printf("\t");
	print_name(machine, parent);
	printf(" -- \"chipset %s\"\n", acs_guard_name(first->bdf).text);
}

static void fold_all(struct picture *picture)
{
	size_t i;

	fold_children(picture, NONE);
	for (i = 0; i < picture->machine->count; i++)
		if (picture->machine->fns[i].first_child != NONE)
			fold_children(picture, (int)i);
}

/* ---- links ---- */

static void print_links(const struct picture *picture)
{
	const struct machine *machine = picture->machine;
	const struct bypass *bypass = picture->bypass;
	size_t i;

	for (i = 0; i < machine->count; i++) {
		if (picture->folded[i])
			continue;
		printf("\t");
		print_name(machine, machine->fns[i].parent);
		printf(" -- ");
		print_name(machine, (int)i);
		printf("%s\n", bypass->red[i] ? " [" RED_EDGE "]" : "");
	}
	for (i = 0; i < bypass->nr_hidden; i++) {
		if (!bypass->hidden[i].placed)
			continue;
		printf("\t");
		print_name(machine, bypass->hidden[i].parent);
		printf(" -- \"%s\"%s\n",
		       acs_guard_name(bypass->hidden[i].bdf).text,
		       bypass->hidden[i].red ? " [" RED_EDGE "]" : "");
	}
}

/* The box that stands for a function. */
static const char *box_of(const struct picture *picture, u64 bdf, char *buf,
			  size_t size)
{
	const struct function *fn = machine_find(picture->machine, bdf);
	const bool folded = fn &&
			    picture->folded[number_of(picture->machine, fn)];

	if (folded)
		bdf = first_folded(picture, fn->parent)->bdf;
	snprintf(buf, size, "%s%s", folded ? "chipset " : "",
		 acs_guard_name(bdf).text);
	return buf;
}

/* Many pairs are one link where a box stands for many functions. */
static void print_pairs(const struct picture *picture)
{
	const struct bypass *bypass = picture->bypass;
	char a[40], b[40], last_a[40] = "", last_b[40] = "";
	size_t i;

	for (i = 0; i < bypass->nr_pairs; i++) {
		box_of(picture, bypass->pairs[i].a, a, sizeof(a));
		box_of(picture, bypass->pairs[i].b, b, sizeof(b));
		if (!strcmp(a, b) || (!strcmp(a, last_a) && !strcmp(b, last_b)))
			continue;
		printf("\t\"%s\" -- \"%s\" [" RED_EDGE ", constraint=false]\n",
		       a, b);
		strcpy(last_a, a);
		strcpy(last_b, b);
	}
}

static void print_boxes(const struct picture *picture)
{
	struct machine *machine = picture->machine;
	size_t i;

	for (i = 0; i < machine->count; i++)
		if (!picture->folded[i])
			print_function(machine, &machine->fns[i]);
	for (i = 0; i < picture->bypass->nr_hidden; i++)
		print_hidden(machine, picture->bypass->hidden[i].bdf);
	print_folded(picture, NONE);
	for (i = 0; i < machine->count; i++)
		if (machine->fns[i].first_child != NONE)
			print_folded(picture, (int)i);
}

/**
 * print_dot() - print the picture of a machine
 * @machine: the machine
 * @bypass: what is red in it
 * @fold: functions of the chipset become one box a bus
 */
void print_dot(struct machine *machine, const struct bypass *bypass, bool fold)
{
	struct picture picture = {
		.machine = machine,
		.bypass = bypass,
		.folded = calloc(machine->count, sizeof(*picture.folded)),
	};

	if (!picture.folded)
		die_of_memory();
	if (fold)
		fold_all(&picture);
	/* 20 inches are 1920 pixels. */
	puts("graph acs_guard {\n"
	     "\tgraph [rankdir=LR, ranksep=0.4, nodesep=0.1, size=\"20,2000\", fontname=\"sans-serif\", labelloc=t, label=\"Red: traffic can pass there from one device to another without the IOMMU.\"]\n"
	     "\tnode [shape=box, fontname=\"sans-serif\", fontsize=10]\n"
	     "\tedge [color=gray40]\n"
	     "\t\"iommu\" [label=\"root complex, IOMMU\", style=filled, fillcolor=\"#d8e4f8\", color=\"#4060a0\"]");
	print_boxes(&picture);
	print_links(&picture);
	print_pairs(&picture);
	puts("}");
	free(picture.folded);
}
