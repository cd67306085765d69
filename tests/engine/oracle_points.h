/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cases of oracle_cases.c: single points of the specification
 */

/* clang-format off */
	{
		/*
		 * Ports 2 and 3 do redirect. What they pass up is meant for
		 * below port 0, which need not pass it on and sends it back.
		 */
		.name = "UF off at the root port above a good switch",
		.nr = 6,
		.fn = {
			FN(-1, ROOT_PORT, 1, 0, GOOD_BUT(TOPO_ACS_UF)),
			FN(0, UPSTREAM, 0, 0), FN(1, DOWNSTREAM, 0, 0, GOOD),
			FN(1, DOWNSTREAM, 1, 0, GOOD),
			FN(2, ENDPOINT, 0, 0), FN(3, ENDPOINT, 0, 0),
		},
		.peers = { [4] = P1(5), [5] = P1(4) },
	}, {
		/* back down only: UF does not lead to the peers, 6 */
		.name = "UF off at a downstream port, good functions below",
		.nr = 7,
		.fn = {
			ROOT, UP,
			FN(1, DOWNSTREAM, 0, 0, GOOD_BUT(TOPO_ACS_UF)),
			FN(1, DOWNSTREAM, 1, 0, GOOD),
			FN(2, ENDPOINT, 0, 0, F_GOOD),
			FN(2, ENDPOINT, 0, 1, F_GOOD), FN(3, ENDPOINT, 0, 0),
		},
		.peers = { [4] = P1(5), [5] = P1(4) },
	}, {
		.name = "UF not implemented at a downstream port",
		.nr = 7,
		.fn = {
			ROOT, UP,
			FN(1, DOWNSTREAM, 0, 0, NO_UF),
			FN(1, DOWNSTREAM, 1, 0, GOOD),
			FN(2, ENDPOINT, 0, 0, F_GOOD),
			FN(2, ENDPOINT, 0, 1, F_GOOD), FN(3, ENDPOINT, 0, 0),
		},
		.peers = { [4] = P1(5), [5] = P1(4) },
	}, {
		/* what VFs have for each other comes back down the link */
		.name = "UF off above a PF with VFs",
		.nr = 4,
		.fn = {
			FN(-1, ROOT_PORT, 1, 0, GOOD_BUT(TOPO_ACS_UF)),
			FN(0, ENDPOINT, 0, 0, F_EMPTY),
			FN(0, ENDPOINT, 2, 0, FLAGS(TOPO_VF), .vf_of = 1,
			   .bus_off = 1),
			FN(0, ENDPOINT, 2, 1, FLAGS(TOPO_VF), .vf_of = 1,
			   .bus_off = 1),
		},
		.peers = { [1] = P2(2, 3), [2] = P2(1, 3), [3] = P2(1, 2) },
	}, {
		/* sideways only: RR does not lead back to 5, UF is on */
		.name = "RR off at a downstream port, good functions below",
		.nr = 7,
		.fn = {
			ROOT, UP,
			FN(1, DOWNSTREAM, 0, 0, GOOD_BUT(TOPO_ACS_RR)),
			FN(1, DOWNSTREAM, 1, 0, GOOD),
			FN(2, ENDPOINT, 0, 0, F_GOOD),
			FN(2, ENDPOINT, 0, 1, F_GOOD), FN(3, ENDPOINT, 0, 0),
		},
		.peers = { [4] = P1(6), [5] = P1(6), [6] = P2(4, 5) },
	}, {
		/* a completion needs no request to answer */
		.name = "CR alone off at a downstream port",
		.nr = 6,
		.fn = {
			ROOT, UP,
			FN(1, DOWNSTREAM, 0, 0, GOOD_BUT(TOPO_ACS_CR)),
			FN(1, DOWNSTREAM, 1, 0, GOOD),
			FN(2, ENDPOINT, 0, 0), FN(3, ENDPOINT, 0, 0),
		},
		.peers = { [4] = P1(5), [5] = P1(4) },
	}, {
		/* it overrides RR and EC, not UF */
		.name = "DT on: not back down the link",
		.nr = 3,
		.fn = {
			FN(-1, ROOT_PORT, 1, 0, GOOD_AND(TOPO_ACS_DT)),
			FN(0, ENDPOINT, 0, 0, F_GOOD),
			FN(0, ENDPOINT, 0, 1, F_GOOD),
		},
	}, {
		/* the root complex takes what two devices' ports give it */
		.name = "root ports without ACS in different slots",
		.nr = 4,
		.fn = {
			FN(-1, ROOT_PORT, 1, 0), FN(-1, ROOT_PORT, 2, 0),
			FN(0, ENDPOINT, 0, 0), FN(1, ENDPOINT, 0, 0),
		},
	}, {
		/* within one device there is no root complex in between */
		.name = "root ports of one device, one without ACS",
		.nr = 4,
		.fn = {
			ROOT, FN(-1, ROOT_PORT, 1, 1),
			FN(0, ENDPOINT, 0, 0), FN(1, ENDPOINT, 0, 0),
		},
		.peers = { [2] = P1(3), [3] = P1(2) },
	}, {
		/* no RR at a root port: no such traffic, unless EC or DT declare it */
		.name = "root ports of one device, RR and CR not implemented",
		.nr = 6,
		.fn = {
			FN(-1, ROOT_PORT, 1, 0, WORDS(0x03, 0x01)),
			FN(-1, ROOT_PORT, 1, 1, GOOD),
			FN(-1, ROOT_PORT, 1, 2, WORDS(0x43, 0x01)),
			FN(0, ENDPOINT, 0, 0), FN(1, ENDPOINT, 0, 0),
			FN(2, ENDPOINT, 0, 0),
		},
		.peers = { [3] = P1(5), [4] = P1(5), [5] = P2(3, 4) },
	}, {
		/* the VT-d specification obliges them, not their siblings */
		.name = "Intel integrated endpoints with another's",
		.nr = 3,
		.fn = {
			FN(-1, INTEGRATED, 2, 0, FLAGS(TOPO_INTEL)),
			FN(-1, INTEGRATED, 2, 1, FLAGS(TOPO_INTEL)),
			FN(-1, INTEGRATED, 2, 2),
		},
		.peers = { [0] = P1(2), [1] = P1(2), [2] = P2(0, 1) },
	}, {
		/* a VF with a word of its own obeys that one */
		.name = "a VF with RR and CR of its own, off",
		.nr = 4,
		.fn = {
			ROOT,
			FN(0, ENDPOINT, 0, 0, F_GOOD),
			FN(0, ENDPOINT, 2, 0,
			   WORDS_AND(TOPO_VF, TOPO_ACS_FUNC, 0), .vf_of = 1,
			   .bus_off = 1),
			FN(0, ENDPOINT, 2, 1, FLAGS(TOPO_VF), .vf_of = 1,
			   .bus_off = 1),
		},
		.peers = { [1] = P1(2), [2] = P2(1, 3), [3] = P1(2) },
	}, {
		/* PF 2 declares such traffic, so PF 1 without a declaration says nothing */
		.name = "a PF without ACS beside one with",
		.nr = 5,
		.fn = {
			ROOT, FN(0, ENDPOINT, 0, 0),
			FN(0, ENDPOINT, 0, 1, F_GOOD),
			FN(0, ENDPOINT, 2, 0, FLAGS(TOPO_VF), .vf_of = 1,
			   .bus_off = 1),
			FN(0, ENDPOINT, 2, 1, FLAGS(TOPO_VF), .vf_of = 2,
			   .bus_off = 1),
		},
		.peers = {
			[1] = P3(2, 3, 4), [2] = P2(1, 3), [3] = P3(1, 2, 4),
			[4] = P2(1, 3),
		},
	}, {
		/* a plain function beside an SR-IOV one reaches its VFs, too */
		.name = "a function that is no PF, RR and CR off, and VFs",
		.nr = 4,
		.fn = {
			ROOT,
			FN(0, ENDPOINT, 0, 0, F_GOOD),
			FN(0, LEGACY, 0, 1, F_OFF),
			FN(0, ENDPOINT, 2, 0, FLAGS(TOPO_VF), .vf_of = 1,
			   .bus_off = 1),
		},
		.peers = { [1] = P1(2), [2] = P2(1, 3), [3] = P1(2) },
	}, {
		/* both use the ID of a third, which need not exist */
		.name = "two functions with one alias",
		.nr = 2,
		.fn = {
			FN(-1, INTEGRATED, 1, 0, FLAGS(TOPO_ALIAS),
			   .alias = TOPO_DEVFN(3, 0)),
			FN(-1, INTEGRATED, 2, 0, FLAGS(TOPO_ALIAS),
			   .alias = TOPO_DEVFN(3, 0)),
		},
		.peers = { [0] = P1(1), [1] = P1(0) },
	}, {
		/* the bridge is the requester for its card */
		.name = "alias to a conventional bridge",
		.nr = 3,
		.fn = {
			FN(-1, CONV_BRIDGE, 1, 0),
			FN(-1, INTEGRATED, 2, 0, FLAGS(TOPO_ALIAS),
			   .alias = TOPO_DEVFN(1, 0)),
			FN(0, CONV, 0, 0),
		},
		.peers = { [1] = P1(2), [2] = P1(1) },
	}, {
		/*
		 * Wires below wires: one identity, that of the topmost bridge.
		 * The card beside the inner bridge is in it.
		 */
		.name = "conventional bridge below a PCIe-to-PCI bridge",
		.nr = 6,
		.fn = {
			ROOT,
			FN(0, PCIE_TO_PCI, 0, 0), FN(1, CONV_BRIDGE, 0, 0),
			FN(2, CONV, 0, 0), FN(2, CONV, 1, 0),
			FN(1, CONV, 1, 0),
		},
		.peers = { [3] = P2(4, 5), [4] = P2(3, 5), [5] = P2(3, 4) },
	}, {
		/* what is below a bridge back to PCIe still has one identity */
		.name = "a switch below a PCI-to-PCIe bridge",
		.nr = 7,
		.fn = {
			FN(-1, CONV_BRIDGE, 1, 0), FN(0, PCI_TO_PCIE, 0, 0),
			FN(1, UPSTREAM, 0, 0),
			FN(2, DOWNSTREAM, 0, 0, GOOD),
			FN(2, DOWNSTREAM, 1, 0, GOOD),
			FN(3, ENDPOINT, 0, 0), FN(4, ENDPOINT, 0, 0),
		},
		.peers = { [5] = P1(6), [6] = P1(5) },
	}, {
		/* at worst it is a piece of wire, and issues something itself */
		.name = "two functions below a bridge of an unknown type",
		.nr = 4,
		.fn = {
			ROOT,
			FN(0, UNKNOWN_BRIDGE, 0, 0),
			FN(1, CONV, 0, 0), FN(1, CONV, 1, 0),
		},
		.peers = { [1] = P2(2, 3), [2] = P2(1, 3),
			   [3] = P2(1, 2) },
	}, {
		/* an event collector must not have ACS; one that has is lying */
		.name = "ACS at an event collector",
		.nr = 2,
		.fn = {
			FN(-1, COLLECTOR, 1, 0, F_GOOD),
			FN(-1, INTEGRATED, 1, 1, F_GOOD),
		},
		.peers = { [0] = P1(1), [1] = P1(0) },
	}, {
		/* not sideways, but what the functions redirect comes back */
		.name = "root port without ACS, good functions below",
		.nr = 4,
		.fn = {
			FN(-1, ROOT_PORT, 1, 0), FN(-1, ROOT_PORT, 2, 0),
			FN(0, ENDPOINT, 0, 0, F_GOOD),
			FN(0, ENDPOINT, 0, 1, F_GOOD),
		},
		.peers = { [2] = P1(3), [3] = P1(2) },
	}, {
		.name = "CR not implemented at a downstream port",
		.nr = 6,
		.fn = {
			ROOT, UP,
			FN(1, DOWNSTREAM, 0, 0, NO_CR),
			FN(1, DOWNSTREAM, 1, 0, GOOD),
			FN(2, ENDPOINT, 0, 0), FN(3, ENDPOINT, 0, 0),
		},
		.peers = { [4] = P1(5), [5] = P1(4) },
	}, {
		/* with RR there has to be CR: 1's completions go straight */
		.name = "RR implemented and on, CR not implemented",
		.nr = 3,
		.fn = {
			ROOT,
			FN(0, ENDPOINT, 0, 0, WORDS(TOPO_ACS_RR, TOPO_ACS_RR)),
			FN(0, ENDPOINT, 0, 1, F_GOOD),
		},
		.peers = { [1] = P1(2), [2] = P1(1) },
	}, {
		/* no RR, no requests; completions are redirected */
		.name = "CR implemented and on, RR not implemented",
		.nr = 3,
		.fn = {
			ROOT,
			FN(0, ENDPOINT, 0, 0, WORDS(TOPO_ACS_CR, TOPO_ACS_CR)),
			FN(0, ENDPOINT, 0, 1, F_GOOD),
		},
	}, {
		/* CR is there, so 1 has completions for others */
		.name = "CR implemented and off, RR not implemented",
		.nr = 3,
		.fn = {
			ROOT,
			FN(0, ENDPOINT, 0, 0, WORDS(TOPO_ACS_CR, 0)),
			FN(0, ENDPOINT, 0, 1, F_GOOD),
		},
		.peers = { [1] = P1(2), [2] = P1(1) },
	}, {
		/* DT is there, so is such traffic; only completions are held */
		.name = "DT implemented and off, CR on, RR not implemented",
		.nr = 3,
		.fn = {
			ROOT,
			FN(0, ENDPOINT, 0, 0, WORDS(0x48, TOPO_ACS_CR)),
			FN(0, ENDPOINT, 0, 1, F_GOOD),
		},
		.peers = { [1] = P1(2), [2] = P1(1) },
	}, {
		/* a VF is in its PF's device, whatever its number */
		.name = "VFs of an integrated endpoint, RR and CR off",
		.nr = 4,
		.fn = {
			FN(-1, INTEGRATED, 2, 0, F_OFF),
			FN(-1, INTEGRATED, 3, 0),
			FN(-1, INTEGRATED, 2, 1, FLAGS(TOPO_VF), .vf_of = 0),
			FN(-1, INTEGRATED, 3, 1, FLAGS(TOPO_VF), .vf_of = 0),
		},
		.peers = { [0] = P2(2, 3), [2] = P2(0, 3), [3] = P2(0, 2) },
	}, {
		/* each bridge has an ID of its own, and function 0 has its own */
		.name = "two PCIe-to-PCI bridges, an alias",
		.nr = 6,
		.fn = {
			FN(-1, INTEGRATED, 0, 0), FN(-1, INTEGRATED, 1, 0),
			FN(-1, PCIE_TO_PCI, 2, 0), FN(-1, PCIE_TO_PCI, 3, 0),
			FN(2, CONV, 0, 0, FLAGS(TOPO_ALIAS),
			   .alias = TOPO_DEVFN(1, 0)),
			FN(3, CONV, 0, 0),
		},
	}, {
		/*
		 * Port 2 lets requests through to the BARs of downstream ports,
		 * itself included, but not to 1's; port 3 and the root port
		 * hold back all.
		 */
		.name = "Enhanced, memory of downstream ports",
		.nr = 7,
		.fn = {
			FN(-1, ROOT_PORT, 1, 0,
			   WORDS_AND(TOPO_BAR, 0xdf, 0x11d)),
			FN(0, UPSTREAM, 0, 0, FLAGS(TOPO_BAR)),
			FN(1, DOWNSTREAM, 0, 0,
			   WORDS_AND(TOPO_BAR, 0xdf, 0x41d)),
			FN(1, DOWNSTREAM, 1, 0,
			   WORDS_AND(TOPO_BAR, 0xdf, 0xa1d)),
			FN(2, ENDPOINT, 0, 0), FN(3, ENDPOINT, 0, 0),
			FN(-1, ROOT_PORT, 2, 0, FLAGS(TOPO_BAR)),
		},
		.strict = true,
		.memory = { [4] = P2(2, 3) },
		.at_rc = P2(4, 5),
	}, {
		/* 7.7.11.3: 11b is reserved */
		.name = "Enhanced, memory of an upstream port, reserved value",
		.nr = 6,
		.fn = {
			FN(-1, ROOT_PORT, 1, 0, WORDS(0x5f, 0x1d)),
			FN(0, UPSTREAM, 0, 0, FLAGS(TOPO_BAR)),
			FN(1, DOWNSTREAM, 0, 0, WORDS(0xdf, 0xc1d)),
			FN(1, DOWNSTREAM, 1, 0, WORDS(0xdf, 0x81d)),
			FN(2, ENDPOINT, 0, 0), FN(3, ENDPOINT, 0, 0),
		},
		.strict = true,
		.memory = { [4] = P1(1) },
		.at_rc = P2(4, 5),
	}, {
		/* 3 goes up past the upstream port, and down through port 2 */
		.name = "memory of ports and an endpoint on the internal bus",
		.nr = 6,
		.fn = {
			ROOT,
			FN(0, UPSTREAM, 0, 0, FLAGS(TOPO_BAR)),
			FN(1, DOWNSTREAM, 0, 0,
			   WORDS_AND(TOPO_BAR, 0xdf, 0x61d)),
			FN(1, ENDPOINT, 1, 0),
			FN(2, UPSTREAM, 0, 0, FLAGS(TOPO_BAR)),
			FN(4, ENDPOINT, 0, 0),
		},
		.strict = true,
		.peers = { [3] = P1(5), [5] = P1(3) },
		.memory = { [3] = P3(1, 2, 4), [5] = P1(4) },
		.at_rc = P2(3, 5),
	}, {
		/* sent back by the root port to the switch that it came from */
		.name = "memory of an upstream port, UF off above",
		.nr = 4,
		.fn = {
			FN(-1, ROOT_PORT, 1, 0, GOOD_BUT(TOPO_ACS_UF)),
			FN(0, UPSTREAM, 0, 0, FLAGS(TOPO_BAR)),
			FN(1, DOWNSTREAM, 0, 0, WORDS(0xdf, 0xa1d)),
			FN(2, ENDPOINT, 0, 0),
		},
		.strict = true,
		.memory = { [3] = P1(1) },
		.at_rc = P1(3),
	}, {
		/* 3 and 5 share a bus; 4's completions go sideways to it */
		.name = "everything at once",
		.nr = 8,
		.fn = {
			FN(-1, ROOT_PORT, 1, 0, GOOD_BUT(TOPO_ACS_CR)),
			FN(-1, ROOT_PORT, 1, 1, GOOD),
			FN(1, PCIE_TO_PCI, 0, 0), FN(2, CONV, 0, 0),
			FN(0, ENDPOINT, 0, 0), FN(2, CONV, 1, 0),
			FN(-1, INTEGRATED, 2, 0, F_GOOD),
			FN(-1, INTEGRATED, 2, 1, F_EMPTY),
		},
		.peers = { [3] = P2(4, 5), [4] = P2(3, 5), [5] = P2(3, 4) },
	},

/* clang-format on */
