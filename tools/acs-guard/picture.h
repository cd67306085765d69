/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs-guard: which boxes and links a picture has
 */
#ifndef ACS_GUARD_PICTURE_H
#define ACS_GUARD_PICTURE_H

#include "bypass.h"
#include "model.h"

/**
 * struct link - a red link between two boxes, beside those of the tree
 * @a: number of one box: a function, or @count and more for a hidden one
 * @b: number of the other
 * @distance: between their addresses
 */
struct link {
	size_t a;
	size_t b;
	u64 distance;
};

/**
 * struct picture - the boxes and links of a picture
 * @machine: the machine
 * @bypass: what is red in it
 * @box: by function, the one whose box stands for it: itself, or the first of
 *	those that are folded
 * @folded: by function, it is one of several in a box
 * @red: by function, the link from its box to what is above it is red
 * @explained: by function, something red leads to it
 * @links: other red links
 * @nr_links: how many
 */
struct picture {
	struct machine *machine;
	const struct bypass *bypass;
	int *box;
	bool *folded;
	bool *red;
	bool *explained;
	struct link *links;
	size_t nr_links;
};

void picture_make(struct picture *picture, struct machine *machine,
		  const struct bypass *bypass, bool fold);
void picture_free(struct picture *picture);

#endif /* ACS_GUARD_PICTURE_H */
