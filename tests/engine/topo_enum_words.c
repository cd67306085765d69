// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ACS words that a node of a small topology takes.
 */
#include "topo_enum.h"

struct word {
	bool acs;
	u16 cap;
	u16 ctrl;
};

/* clang-format off */
#define NO_ACS {}
#define ACS(cap, ctrl) { true, cap, ctrl }
/* clang-format on */
#define PORT(off, on) ACS(0x7f, (TOPO_ACS_PORT & ~(off)) | (on))
#define RR TOPO_ACS_RR
#define CR TOPO_ACS_CR
#define UF TOPO_ACS_UF
#define TB TOPO_ACS_TB
#define DT TOPO_ACS_DT

/*
 * Requests straight or not, completions straight or not, packets meant for
 * below sent back or not; translated requests blocked, straight, or like
 * others. The next ones are different registers to the same effects.
 */
#define PORT_EFFECTS 20

static const struct word port_words[] = {
	PORT(0, 0),
	NO_ACS,
	PORT(RR, 0),
	PORT(CR, 0),
	PORT(UF, 0),
	PORT(RR | CR, 0),
	PORT(RR | UF, 0),
	PORT(CR | UF, 0),
	PORT(0, DT),
	PORT(CR, DT),
	PORT(UF, DT),
	PORT(CR | UF, DT),
	PORT(0, TB),
	PORT(RR, TB),
	PORT(CR, TB),
	PORT(UF, TB),
	PORT(RR | CR, TB),
	PORT(RR | UF, TB),
	PORT(CR | UF, TB),
	PORT(RR | CR | UF, TB),
	/* PORT_EFFECTS */
	ACS(0x7f, 0),
	ACS(0x1d, 0x1c),
	ACS(0x7f, 0x3d),
	ACS(0x7f, 0x5f),
	ACS(0x0d, 0x0d),
	ACS(0x19, 0x19),
	ACS(0x15, 0x15),
	ACS(0x1c, 0x1c),
	ACS(0x11, 0x11),
	ACS(0x59, 0x19),
};

#define FUNCTION_EFFECTS 7

static const struct word function_words[] = {
	NO_ACS,
	ACS(0x4c, 0x0c),
	ACS(0x4c, 0x04),
	ACS(0x4c, 0x08),
	ACS(0x4c, 0x00),
	ACS(0x4c, 0x4c),
	ACS(0x4c, 0x44),
	/* FUNCTION_EFFECTS */
	ACS(0, 0),
	ACS(0x2c, 0x2c),
	ACS(0x20, 0),
	ACS(0x08, 0),
	ACS(0x04, 0x04),
	ACS(0x48, 0x08),
};

/* What words do, as far as the walk need know to tell which are alike. */
#define DOES_REQUEST BIT(0)    /* request goes straight to a peer */
#define DOES_TRANSLATED BIT(1) /* translated request does */
#define DOES_COMPLETION BIT(2) /* completion does */
#define DOES_BACK BIT(3)       /* request or completion is sent back down */
#define DOES_BACK_AT BIT(4)    /* translated request is */
#define DOES_BLOCK BIT(5)      /* translated request is blocked */
#define DOES_CONTROL BIT(6)    /* there are controls */
#define DOES_BESIDE (DOES_REQUEST | DOES_TRANSLATED | DOES_COMPLETION)
#define DOES_BELOW (DOES_BACK | DOES_BACK_AT)

static bool is_port(const struct topo_enum *e, unsigned int i)
{
	return e->kind[i] == NODE_ROOT_PORT || e->kind[i] == NODE_DOWNSTREAM;
}

/* Functions in the tree at @i, itself included. */
static unsigned int functions_in(const struct topo_enum *e, unsigned int i)
{
	unsigned int end = topo_enum_tree_end(e, i), n = 0;

	for (; i < end; i++)
		n += topo_enum_is_function(e, i);
	return n;
}

/* The node that stands for the bus, or the device, that node @i is in. */
static int bus_of(const struct topo_enum *e, unsigned int i)
{
	int up = topo_enum_parent(e, i);

	if (up >= 0 && e->kind[i] == NODE_VF)
		return topo_enum_parent(e, up);
	return up;
}

static bool has_vfs(const struct topo_enum *e, unsigned int bus)
{
	unsigned int end = topo_enum_tree_end(e, bus), i;

	for (i = bus + 1; i < end; i++)
		if (e->kind[i] == NODE_VF && bus_of(e, i) == (int)bus)
			return true;
	return false;
}

/* What could the words of node @i have an effect on, where it is? */
static unsigned int may_do(const struct topo_enum *e, unsigned int i)
{
	unsigned int own = functions_in(e, i), bus = bus_of(e, i), may = 0;

	if (e->words != TOPO_WORDS_HERE)
		return DOES_BESIDE | DOES_BELOW | DOES_BLOCK | DOES_CONTROL;
	/* with VFs, that a function has controls tells of its whole device */
	if (!is_port(e, i) && has_vfs(e, bus))
		return DOES_BESIDE | DOES_CONTROL;
	if (own && functions_in(e, bus) > own)
		may |= DOES_BESIDE;
	if (is_port(e, i) && own > 1)
		may |= DOES_BELOW;
	if (e->kind[i] == NODE_DOWNSTREAM && own)
		may |= DOES_BLOCK;
	return may;
}

static unsigned int does(const struct word *word, bool port)
{
	unsigned int does = 0;

	if (!word->acs)
		return DOES_BESIDE | (port ? DOES_BELOW : 0);
	if (!(word->ctrl & RR))
		does |= DOES_REQUEST | DOES_TRANSLATED;
	if (!(word->ctrl & CR))
		does |= DOES_COMPLETION;
	if (word->ctrl & DT)
		does |= DOES_TRANSLATED;
	if (port && !(word->ctrl & UF))
		does |= DOES_BELOW;
	if (port && word->ctrl & TB) {
		does &= ~(DOES_TRANSLATED | DOES_BACK_AT);
		does |= DOES_BLOCK;
	}
	return does | DOES_CONTROL;
}

static const struct word *table(const struct topo_enum *e, unsigned int i,
				unsigned int *nr)
{
	bool all = e->words == TOPO_WORDS_ALL;

	if (is_port(e, i)) {
		*nr = all ? ARRAY_SIZE(port_words) : PORT_EFFECTS;
		return port_words;
	}
	*nr = all ? ARRAY_SIZE(function_words) : FUNCTION_EFFECTS;
	return function_words;
}

/**
 * topo_enum_words_of() - the ACS words that a node takes
 * @e: the walk
 * @i: the node
 *
 * Return: a set of indices.
 */
u32 topo_enum_words_of(const struct topo_enum *e, unsigned int i)
{
	unsigned int may, nr, w, v;
	const struct word *words = table(e, i, &nr);
	bool port = is_port(e, i);
	u32 set = 0;

	if (!port && e->kind[i] != NODE_ENDPOINT && e->kind[i] != NODE_VF &&
	    e->kind[i] != NODE_UPSTREAM)
		return BIT(0);
	if (e->words == TOPO_WORDS_ALL)
		return GENMASK(nr - 1, 0);
	may = may_do(e, i);
	for (w = 0; w < nr; w++) {
		for (v = 0; v < w; v++)
			if (!((does(&words[v], port) ^ does(&words[w], port)) &
			      may))
				break;
		if (v == w)
			set |= BIT(w);
	}
	return set;
}

/**
 * topo_enum_set_words() - give a function the ACS word of its node
 * @e: the walk
 * @i: the node
 * @fn: the function
 */
void topo_enum_set_words(const struct topo_enum *e, unsigned int i,
			 struct topo_fn *fn)
{
	const struct word *word;

	if (topo_is_port(fn))
		word = &port_words[e->word[i]];
	else
		word = &function_words[e->word[i]];
	if (!word->acs)
		return;
	fn->flags |= TOPO_ACS;
	fn->cap = word->cap;
	fn->ctrl = word->ctrl;
}
