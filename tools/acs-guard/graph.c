// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard graph: a picture of the tree, for Graphviz
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bypass.h"
#include "dot.h"
#include "json.h"
#include "sysfs.h"
#include "tool.h"

static void add_edge(struct json_object *edges, struct json_object *from,
		     u64 to, bool bypass)
{
	struct json_object *edge = json_object_new_object();

	json_put(edge, "from", from);
	json_put(edge, "to", json_bdf(to));
	json_put_bool(edge, "bypass", bypass);
	json_object_array_add(edges, edge);
}

static void add_node(struct json_object *nodes, struct json_object *node,
		     bool peers_known)
{
	json_put_bool(node, "peers_known", peers_known);
	json_object_array_add(nodes, node);
}

/* The peers of a function that is not listed are never asked for. */
static void add_hidden(struct json_object *nodes, u64 bdf)
{
	struct json_object *node = json_hidden(bdf);

	json_put(node, "peers_known", NULL);
	json_object_array_add(nodes, node);
}

static struct json_object *parent_name(const struct machine *machine,
				       int parent)
{
	return parent == NONE ? json_text("iommu") :
				json_bdf(machine->fns[parent].bdf);
}

static void print_json(struct machine *machine, struct bypass *bypass)
{
	struct json_object *object = json_object_new_object();
	struct json_object *nodes = json_object_new_array();
	struct json_object *edges = json_object_new_array();
	size_t i;

	bypass_thin_out(bypass);
	for (i = 0; i < machine->count; i++)
		add_node(nodes, json_device(machine, &machine->fns[i]),
			 !bypass->peers_unknown[i]);
	for (i = 0; i < machine->count; i++)
		add_edge(edges, parent_name(machine, machine->fns[i].parent),
			 machine->fns[i].bdf, bypass->red[i]);
	for (i = 0; i < bypass->nr_hidden; i++) {
		const struct hidden *hidden = &bypass->hidden[i];

		add_hidden(nodes, hidden->bdf);
		if (hidden->placed)
			add_edge(edges, parent_name(machine, hidden->parent),
				 hidden->bdf, hidden->red);
	}
	for (i = 0; i < bypass->nr_pairs; i++)
		add_edge(edges, json_bdf(bypass->pairs[i].a),
			 bypass->pairs[i].b, true);
	json_put(object, "nodes", nodes);
	json_put(object, "edges", edges);
	json_print(object);
}

/* Standard output becomes the picture. */
static pid_t start_dot(void)
{
	int ends[2];
	pid_t child;

	fflush(stdout);
	if (pipe(ends))
		die("graph --svg: %s", strerror(errno));
	child = fork();
	if (child < 0)
		die("graph --svg: %s", strerror(errno));
	if (!child) {
		dup2(ends[0], STDIN_FILENO);
		close(ends[0]);
		close(ends[1]);
		execlp("dot", "dot", "-Tsvg", (char *)NULL);
		say("graph --svg needs Graphviz (on Debian: apt-get install graphviz)");
		_exit(EXIT_ERROR);
	}
	dup2(ends[1], STDOUT_FILENO);
	close(ends[0]);
	close(ends[1]);
	return child;
}

static int end_dot(pid_t child)
{
	int status;

	fflush(stdout);
	close(STDOUT_FILENO);
	if (waitpid(child, &status, 0) < 0 || !WIFEXITED(status))
		return EXIT_ERROR;
	return WEXITSTATUS(status) ? EXIT_ERROR : EXIT_FINE;
}

static int print_graph(struct machine *machine, struct bypass *bypass,
		       const struct options *options, bool svg)
{
	const bool fold = !options->all;
	pid_t child;
	int status;

	if (options->json) {
		print_json(machine, bypass);
		return EXIT_FINE;
	}
	if (!svg) {
		print_dot(machine, bypass, fold);
		return EXIT_FINE;
	}
	child = start_dot();
	print_dot(machine, bypass, fold);
	status = end_dot(child);
	/* Nothing is left that could fail later. */
	_exit(status);
}

int run_graph(const struct options *options, int argc, char **argv)
{
	const bool svg = argc && !strcmp(argv[0], "--svg");
	struct machine machine;
	struct bypass bypass;
	int status;

	if (argc > svg)
		die("graph takes no argument but --svg");
	if (svg && options->json)
		die("graph makes an SVG or JSON, not both");
	take_stock(&machine, options);
	if (machine.source == SOURCE_ENGINE)
		say("the module acs_guard is not loaded: %s",
		    machine.no_configs ?
			    "where the IOMMU can be bypassed is not known" :
			    "none of this is enforced");
	host_read(&machine);
	bypass_find(&bypass, &machine);
	status = print_graph(&machine, &bypass, options, svg);
	bypass_free(&bypass);
	machine_free(&machine);
	return status;
}
