// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the conventional buses above a function  (R1, R12)
 *
 * All functions below the topmost conventional bridge of a path share its bus,
 * or a bus that leads there: nothing keeps their transactions apart.
 */
#include "engine.h"
#include "node.h"
#include "path.h"

/* A deeper nesting of bridges counts as a shared segment. */
#define MAX_NESTING 8

/**
 * acs_guard_topmost_conventional() - the topmost conventional bridge of a path
 * @node: the function
 *
 * Return: that bridge, or none.
 */
struct acs_node acs_guard_topmost_conventional(struct acs_node node)
{
	struct acs_node topmost = acs_node_none();
	unsigned int depth = 0;

	for (node = acs_node_bridge(node);
	     acs_node_exists(node) && depth++ < ACS_GUARD_MAX_DEPTH;
	     node = acs_node_bridge(node))
		if (acs_guard_is_conventional(node))
			topmost = node;
	return topmost;
}

/**
 * acs_guard_requester() - the function whose requester ID a function's DMA has
 * @node: the function
 * @real_dma: the real DMA device of its domain, or none
 * @segment: the topmost conventional bridge of its path, or none
 *
 * A bridge between two conventional buses, or between a conventional bus above
 * and PCI Express below, is the requester for all functions below it, as a VMD
 * endpoint is.  A PCIe-to-PCI bridge uses an ID of its secondary bus, which no
 * function outside of that bus has.
 */
struct acs_node acs_guard_requester(struct acs_node node,
				    struct acs_node real_dma,
				    struct acs_node segment)
{
	if (acs_node_exists(real_dma))
		return real_dma;
	if (!acs_node_exists(segment) ||
	    acs_guard_is_type(segment, PCI_EXP_TYPE_PCI_BRIDGE))
		return node;
	return segment;
}

/**
 * struct search - a search for functions on a shared conventional segment
 * @device: F
 * @reader: what reads the functions
 * @nesting: how many bridges below the topmost one the search is
 * @found: what was found so far
 */
struct search {
	struct acs_node device;
	struct acs_guard_reader *reader;
	unsigned int nesting;
	struct acs_guard_segment found;
};

static int search_segment(struct acs_node node, void *data);

static void search_below(struct search *search, struct acs_node bridge)
{
	if (search->nesting > MAX_NESTING) {
		search->found.listed = true;
		return;
	}
	search->nesting++;
	acs_node_visit_below(bridge, search->reader, search_segment, search);
	search->nesting--;
}

static int search_segment(struct acs_node node, void *data)
{
	struct search *search = data;

	if (acs_node_is_same(node, search->device))
		return 0;
	if (acs_guard_only_forwards(node))
		search_below(search, node);
	else if (acs_node_is_listed(node))
		search->found.listed = true;
	else
		search->found.hidden = true;
	return 0;
}

/**
 * acs_guard_search_segment() - find who shares a conventional segment with F
 * @bridge: the topmost conventional bridge above F
 * @device: F
 * @reader: what reads the functions
 *
 * Return: whether other functions are there, or may be.
 */
struct acs_guard_segment
acs_guard_search_segment(struct acs_node bridge, struct acs_node device,
			 struct acs_guard_reader *reader)
{
	struct search search = { .device = device, .reader = reader };

	search_below(&search, bridge);
	return search.found;
}
