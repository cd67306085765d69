// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: the picture as text for Graphviz
 *
 * It grows from left to right, and with the number of functions downwards: a
 * page is scrolled that way.
 */
#include "dot.h"
#include "fold.h"
#include "names.h"
#include "picture.h"
#include "report.h"
#include "sysfs.h"
#include "tool.h"

/* Of a line in a box. */
#define MAX_WIDTH 26

#define RED_EDGE "color=\"#e00000\", penwidth=3"

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

/* The reason of a refused function to which nothing red leads, or the port. */
static void add_reason(struct text *label, const struct picture *picture,
		       const struct function *fn)
{
	struct machine *machine = picture->machine;
	const u64 blocker = fn->answer.blocker;

	if (fn->status != STATUS_REFUSED || is_port(fn) ||
	    picture->explained[number_of(machine, fn)])
		return;
	text_add(label, "\\n");
	if (fn->answer.has_blocker && blocker != fn->bdf &&
	    machine_find(machine, blocker))
		text_add(label, "because of %s", short_name(machine, blocker));
	else
		add_wrapped(label, plain_words(machine, fn->answer.words));
}

static void print_function(const struct picture *picture,
			   const struct function *fn)
{
	struct machine *machine = picture->machine;
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
	add_reason(&label, picture, fn);
	if (picture->bypass->peers_unknown[number_of(machine, fn)]) {
		text_add(&label, "\\n");
		add_wrapped(&label, "! its peers are not known");
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

/* One box for all that are folded, @number first. */
static void print_folded(const struct machine *machine, int number)
{
	const struct folded folded = fold_bus(machine, number);

	printf("\t\"chipset %s\" [label=\"%s to %s\\n%u functions of the chipset\\n%u OK, %u REFUSED\", style=\"rounded,dashed\", color=gray40]\n",
	       acs_guard_name(folded.first->bdf).text,
	       short_name(machine, folded.first->bdf),
	       short_name(machine, folded.last->bdf), folded.count, folded.ok,
	       folded.refused);
}

static bool has_box(const struct picture *picture, size_t number)
{
	return picture->box[number] == (int)number;
}

static void print_boxes(const struct picture *picture)
{
	struct machine *machine = picture->machine;
	size_t i;

	for (i = 0; i < machine->count; i++) {
		if (!has_box(picture, i))
			continue;
		if (picture->folded[i])
			print_folded(machine, (int)i);
		else
			print_function(picture, &machine->fns[i]);
	}
	for (i = 0; i < picture->bypass->nr_hidden; i++)
		print_hidden(machine, picture->bypass->hidden[i].bdf);
}

/* ---- links ---- */

static void print_name(const struct picture *picture, size_t box)
{
	const struct machine *machine = picture->machine;
	const bool hidden = box >= machine->count;
	const u64 bdf =
		hidden ? picture->bypass->hidden[box - machine->count].bdf :
			 machine->fns[box].bdf;

	printf("\"%s%s\"", !hidden && picture->folded[box] ? "chipset " : "",
	       acs_guard_name(bdf).text);
}

static void print_link(const struct picture *picture, int parent, size_t box,
		       bool red)
{
	printf("\t");
	if (parent == NONE)
		printf("\"iommu\"");
	else
		print_name(picture, (size_t)parent);
	printf(" -- ");
	print_name(picture, box);
	printf("%s\n", red ? " [" RED_EDGE "]" : "");
}

static void print_tree_links(const struct picture *picture)
{
	const struct machine *machine = picture->machine;
	const struct bypass *bypass = picture->bypass;
	size_t i;

	for (i = 0; i < machine->count; i++)
		if (has_box(picture, i))
			print_link(picture, machine->fns[i].parent, i,
				   picture->red[i]);
	for (i = 0; i < bypass->nr_hidden; i++)
		if (bypass->hidden[i].placed)
			print_link(picture, bypass->hidden[i].parent,
				   machine->count + i, bypass->hidden[i].red);
}

static void print_other_links(const struct picture *picture)
{
	size_t i;

	for (i = 0; i < picture->nr_links; i++) {
		printf("\t");
		print_name(picture, picture->links[i].a);
		printf(" -- ");
		print_name(picture, picture->links[i].b);
		printf(" [" RED_EDGE ", constraint=false]\n");
	}
}

/**
 * print_dot() - print the picture of a machine
 * @machine: the machine
 * @bypass: what is red in it
 * @fold: functions of the chipset become one box a bus
 */
void print_dot(struct machine *machine, const struct bypass *bypass, bool fold)
{
	struct picture picture;

	picture_make(&picture, machine, bypass, fold);
	/* 20 inches are 1920 pixels. */
	puts("graph acs_guard {\n"
	     "\tgraph [rankdir=LR, ranksep=0.4, nodesep=0.1, size=\"20,2000\", fontname=\"sans-serif\", labelloc=t, label=\"Red: traffic can pass there from one device to another without the IOMMU.\"]\n"
	     "\tnode [shape=box, fontname=\"sans-serif\", fontsize=10]\n"
	     "\tedge [color=gray40]\n"
	     "\t\"iommu\" [label=\"root complex, IOMMU\", style=filled, fillcolor=\"#d8e4f8\", color=\"#4060a0\"]");
	print_boxes(&picture);
	print_tree_links(&picture);
	print_other_links(&picture);
	puts("}");
	picture_free(&picture);
}
