/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cases of oracle_cases.c: the project's list of topologies, T1 to T35
 */

/* clang-format off */
	{
		/*
		 * A Downstream Port without ACS sends what is meant for a peer
		 * port straight to it.
		 */
		.name = "T1 switch without ACS",
		.nr = 6,
		.fn = {
			ROOT, UP,
			FN(1, DOWNSTREAM, 0, 0),
			FN(1, DOWNSTREAM, 1, 0),
			FN(2, ENDPOINT, 0, 0), FN(3, ENDPOINT, 0, 0),
		},
		.peers = { [4] = P1(5), [5] = P1(4) },
	}, {
		/* 5 goes straight through port 3; whence does not matter to 4 */
		.name = "T2 one port of two without ACS",
		.nr = 6,
		.fn = {
			ROOT, UP,
			FN(1, DOWNSTREAM, 0, 0, GOOD),
			FN(1, DOWNSTREAM, 1, 0),
			FN(2, ENDPOINT, 0, 0), FN(3, ENDPOINT, 0, 0),
		},
		.peers = { [4] = P1(5), [5] = P1(4) },
	}, {
		.name = "T2 mended",
		.nr = 6,
		.fn = {
			ROOT, UP,
			FN(1, DOWNSTREAM, 0, 0, GOOD),
			FN(1, DOWNSTREAM, 1, 0, GOOD),
			FN(2, ENDPOINT, 0, 0), FN(3, ENDPOINT, 0, 0),
		},
	}, {
		/* f6 reaches no function, but f0 and f2 reach it */
		.name = "T3 functions 0 and 2 without ACS, 6 with",
		.nr = 4,
		.fn = {
			ROOT,
			FN(0, ENDPOINT, 0, 0), FN(0, ENDPOINT, 0, 2),
			FN(0, ENDPOINT, 0, 6, F_GOOD),
		},
		.peers = { [1] = P2(2, 3), [2] = P2(1, 3), [3] = P2(1, 2) },
	}, {
		/* the sibling reaches through the device what is below */
		.name = "T4 root port with a DMA-capable sibling",
		.nr = 3,
		.fn = {
			ROOT,
			FN(-1, INTEGRATED, 1, 1), FN(0, ENDPOINT, 0, 0),
		},
		.peers = { [1] = P1(2), [2] = P1(1) },
	}, {
		.name = "T4 mended",
		.nr = 3,
		.fn = {
			ROOT,
			FN(-1, INTEGRATED, 1, 1, F_GOOD),
			FN(0, ENDPOINT, 0, 0),
		},
	}, {
		/* RR of port 3 off, 5 goes straight to 4; on, it is T2 mended */
		.name = "T5 what is above changes, T18 ACS switched off",
		.nr = 6,
		.fn = {
			ROOT, UP,
			FN(1, DOWNSTREAM, 0, 0, GOOD),
			FN(1, DOWNSTREAM, 1, 0, GOOD_BUT(TOPO_ACS_RR)),
			FN(2, ENDPOINT, 0, 0), FN(3, ENDPOINT, 0, 0),
		},
		.peers = { [4] = P1(5), [5] = P1(4) },
	}, {
		.name = "T6 PCIe-to-PCI bridge, one card",
		.nr = 3,
		.fn = {
			ROOT,
			FN(0, PCIE_TO_PCI, 0, 0), FN(1, CONV, 0, 0),
		},
	}, {
		/* on one bus, with the bridge's ID for both */
		.name = "T6 PCIe-to-PCI bridge, two cards",
		.nr = 4,
		.fn = {
			ROOT,
			FN(0, PCIE_TO_PCI, 0, 0),
			FN(1, CONV, 0, 0), FN(1, CONV, 1, 0),
		},
		.peers = { [2] = P1(3), [3] = P1(2) },
	}, {
		/*
		 * On the internal bus nothing holds 4: it gets to all that is
		 * below the ports. They do not get to it, nor to each other.
		 */
		.name = "T7 endpoint on a switch-internal bus",
		.nr = 7,
		.fn = {
			ROOT, UP,
			FN(1, DOWNSTREAM, 0, 0, GOOD),
			FN(1, DOWNSTREAM, 1, 0, GOOD),
			FN(1, ENDPOINT, 2, 0),
			FN(2, ENDPOINT, 0, 0), FN(3, ENDPOINT, 0, 0),
		},
		.peers = { [4] = P2(5, 6), [5] = P1(4), [6] = P1(4) },
	}, {
		/* the upstream port's BAR is no function, but it is reached */
		.name = "T8 Enhanced, upstream port with BAR, redirect off",
		.nr = 6,
		.fn = {
			FN(-1, ROOT_PORT, 1, 0, WORDS(0x5f, 0x1d)),
			FN(0, UPSTREAM, 0, 0, FLAGS(TOPO_BAR)),
			FN(1, DOWNSTREAM, 0, 0, WORDS(0xdf, 0x1d)),
			FN(1, DOWNSTREAM, 1, 0, WORDS(0xdf, 0x81d)),
			FN(2, ENDPOINT, 0, 0), FN(3, ENDPOINT, 0, 0),
		},
		.strict = true,
		.memory = { [4] = P1(1) },
		.at_rc = P2(4, 5),
	}, {
		/* back down the link there is only the issuer */
		.name = "T9 root port without ACS, one endpoint",
		.nr = 2,
		.fn = {
			FN(-1, ROOT_PORT, 1, 0), FN(0, ENDPOINT, 0, 0),
		},
	}, {
		.name = "T10 two functions without ACS",
		.nr = 3,
		.fn = {
			ROOT,
			FN(0, ENDPOINT, 0, 0), FN(0, ENDPOINT, 0, 1),
		},
		.peers = { [1] = P1(2), [2] = P1(1) },
	}, {
		/* an empty capability says that there is no such traffic */
		.name = "T11 two functions with empty ACS",
		.nr = 3,
		.fn = {
			ROOT,
			FN(0, ENDPOINT, 0, 0, F_EMPTY),
			FN(0, ENDPOINT, 0, 1, F_EMPTY),
		},
	}, {
		/* ACS is required of an SR-IOV device that has such traffic */
		.name = "T12 VFs of a PF without ACS",
		.nr = 4,
		.fn = {
			ROOT, FN(0, ENDPOINT, 0, 0),
			FN(0, ENDPOINT, 2, 0, FLAGS(TOPO_VF), .vf_of = 1,
			   .bus_off = 1),
			FN(0, ENDPOINT, 2, 1, FLAGS(TOPO_VF), .vf_of = 1,
			   .bus_off = 1),
		},
	}, {
		/* this one has it, and nothing is redirected, PF included */
		.name = "T12 VFs of a PF with RR implemented and off",
		.nr = 4,
		.fn = {
			ROOT,
			FN(0, ENDPOINT, 0, 0, F_OFF),
			FN(0, ENDPOINT, 2, 0, FLAGS(TOPO_VF), .vf_of = 1,
			   .bus_off = 1),
			FN(0, ENDPOINT, 2, 1, FLAGS(TOPO_VF), .vf_of = 1,
			   .bus_off = 1),
		},
		.peers = { [1] = P2(2, 3), [2] = P2(1, 3), [3] = P2(1, 2) },
	}, {
		.name = "T12 VFs of a PF with RR and CR on",
		.nr = 4,
		.fn = {
			ROOT,
			FN(0, ENDPOINT, 0, 0, F_GOOD),
			FN(0, ENDPOINT, 2, 0, FLAGS(TOPO_VF), .vf_of = 1,
			   .bus_off = 1),
			FN(0, ENDPOINT, 2, 1, FLAGS(TOPO_VF), .vf_of = 1,
			   .bus_off = 1),
		},
	}, {
		.name = "T13 integrated endpoints, single-function",
		.nr = 2,
		.fn = {
			FN(-1, INTEGRATED, 1, 0), FN(-1, INTEGRATED, 2, 0),
		},
	}, {
		/* a clear bit in port 2's vector lets requests through to 5 */
		.name = "T14 RR on, EC on",
		.nr = 6,
		.fn = {
			ROOT, UP,
			FN(1, DOWNSTREAM, 0, 0, GOOD_AND(TOPO_ACS_EC)),
			FN(1, DOWNSTREAM, 1, 0, GOOD),
			FN(2, ENDPOINT, 0, 0), FN(3, ENDPOINT, 0, 0),
		},
		.peers = { [4] = P1(5), [5] = P1(4) },
	}, {
		/* a request that says "translated" goes straight to the peer */
		.name = "T15 DT on, TB off",
		.nr = 6,
		.fn = {
			ROOT, UP,
			FN(1, DOWNSTREAM, 0, 0, GOOD_AND(TOPO_ACS_DT)),
			FN(1, DOWNSTREAM, 1, 0, GOOD),
			FN(2, ENDPOINT, 0, 0), FN(3, ENDPOINT, 0, 0),
		},
		.peers = { [4] = P1(5), [5] = P1(4) },
	}, {
		/* and ends at the port if that blocks it */
		.name = "T15 DT on, TB on",
		.nr = 6,
		.fn = {
			ROOT, UP,
			FN(1, DOWNSTREAM, 0, 0, GOOD_AND(TOPO_ACS_DT | TOPO_ACS_TB)),
			FN(1, DOWNSTREAM, 1, 0, GOOD),
			FN(2, ENDPOINT, 0, 0), FN(3, ENDPOINT, 0, 0),
		},
		.strict = true,
		.at_rc = P1(5),
	}, {
		/* hardware does not care whether software can read it */
		.name = "T16 control cannot be read",
		.nr = 2,
		.fn = {
			FN(-1, ROOT_PORT, 1, 0,
			   WORDS_AND(TOPO_UNREADABLE, 0x5f, 0x1d)),
			FN(0, ENDPOINT, 0, 0),
		},
	}, {
		.name = "T17 PCH root ports with dword layout, on",
		.nr = 5,
		.fn = {
			FN(-1, ROOT_PORT, 1, 0,
			   WORDS_AND(TOPO_INTEL | TOPO_DWORD, 0x0f, 0x0d)),
			FN(-1, ROOT_PORT, 1, 1,
			   WORDS_AND(TOPO_INTEL | TOPO_DWORD, 0x0f, 0x0d)),
			FN(0, ENDPOINT, 0, 0),
			FN(1, ENDPOINT, 0, 0, F_GOOD),
			FN(1, ENDPOINT, 0, 1, F_GOOD),
		},
	}, {
		/* straight to the other root port of the device, not back */
		.name = "T17 PCH root ports with dword layout, one off",
		.nr = 5,
		.fn = {
			FN(-1, ROOT_PORT, 1, 0,
			   WORDS_AND(TOPO_INTEL | TOPO_DWORD, 0x0f, 0x0d)),
			FN(-1, ROOT_PORT, 1, 1,
			   WORDS_AND(TOPO_INTEL | TOPO_DWORD, 0x0f, 0)),
			FN(0, ENDPOINT, 0, 0),
			FN(1, ENDPOINT, 0, 0, F_GOOD),
			FN(1, ENDPOINT, 0, 1, F_GOOD),
		},
		.peers = { [2] = P2(3, 4), [3] = P1(2), [4] = P1(2) },
	}, {
		/*
		 * What leaves the innermost switch redirected is sent through
		 * from port 2 to port 3. The innermost is not affected.
		 */
		.name = "T19 three switches deep, the middle one bad",
		.nr = 12,
		.fn = {
			ROOT, FN(0, UPSTREAM, 0, 0),
			FN(1, DOWNSTREAM, 0, 0, GOOD), FN(2, UPSTREAM, 0, 0),
			FN(3, DOWNSTREAM, 0, 0, GOOD_BUT(TOPO_ACS_RR)),
			FN(3, DOWNSTREAM, 1, 0, GOOD),
			FN(4, UPSTREAM, 0, 0),
			FN(6, DOWNSTREAM, 0, 0, GOOD),
			FN(6, DOWNSTREAM, 1, 0, GOOD),
			FN(7, ENDPOINT, 0, 0), FN(8, ENDPOINT, 0, 0),
			FN(5, ENDPOINT, 0, 0),
		},
		.peers = { [9] = P1(11), [10] = P1(11), [11] = P2(9, 10) },
	}, {
		/* sideways, and what comes from 4 for 5 back down as well */
		.name = "T20 all control bits off",
		.nr = 7,
		.fn = {
			ROOT, UP,
			FN(1, DOWNSTREAM, 0, 0, WORDS(0x5f, 0)),
			FN(1, DOWNSTREAM, 1, 0, GOOD),
			FN(2, ENDPOINT, 0, 0, F_GOOD),
			FN(2, ENDPOINT, 0, 1, F_GOOD), FN(3, ENDPOINT, 0, 0),
		},
		.peers = { [4] = P2(5, 6), [5] = P2(4, 6), [6] = P2(4, 5) },
	}, {
		.name = "T21 T10 below T1",
		.nr = 7,
		.fn = {
			ROOT, UP,
			FN(1, DOWNSTREAM, 0, 0),
			FN(1, DOWNSTREAM, 1, 0),
			FN(2, ENDPOINT, 0, 0), FN(2, ENDPOINT, 0, 1),
			FN(3, ENDPOINT, 0, 0),
		},
		.peers = { [4] = P2(5, 6), [5] = P2(4, 6), [6] = P2(4, 5) },
	}, {
		.name = "T23 alias to a function that does not exist",
		.nr = 2,
		.fn = {
			FN(-1, INTEGRATED, 1, 0, FLAGS(TOPO_ALIAS),
			   .alias = TOPO_DEVFN(3, 0)),
			FN(-1, INTEGRATED, 2, 0),
		},
	}, {
		.name = "T23 alias to one that does",
		.nr = 2,
		.fn = {
			FN(-1, INTEGRATED, 1, 0, FLAGS(TOPO_ALIAS),
			   .alias = TOPO_DEVFN(2, 0)),
			FN(-1, INTEGRATED, 2, 0),
		},
		.peers = { [0] = P1(1), [1] = P1(0) },
	}, {
		/* all that is below issues with the VMD's ID */
		.name = "T23 below a VMD endpoint",
		.nr = 6,
		.fn = {
			FN(-1, INTEGRATED, 1, 0, FLAGS(TOPO_INTEL | TOPO_VMD)),
			FN(0, ROOT_PORT, 0, 0, GOOD),
			FN(0, ROOT_PORT, 1, 0, GOOD),
			FN(1, ENDPOINT, 0, 0), FN(2, ENDPOINT, 0, 0),
			FN(-1, INTEGRATED, 2, 0),
		},
		.peers = { [0] = P2(3, 4), [3] = P2(0, 4), [4] = P2(0, 3) },
	}, {
		/* it issues nothing, and nothing could be meant for it */
		.name = "T24 dummy host bridge in the root port's slot",
		.nr = 3,
		.fn = {
			FN(-1, CONV, 1, 0, FLAGS(TOPO_DUMMY)),
			FN(-1, ROOT_PORT, 1, 1, GOOD), FN(1, ENDPOINT, 0, 0),
		},
	}, {
		.name = "T24 the same with Bus Master on",
		.nr = 3,
		.fn = {
			FN(-1, CONV, 1, 0, FLAGS(TOPO_DUMMY | TOPO_MASTER)),
			FN(-1, ROOT_PORT, 1, 1, GOOD), FN(1, ENDPOINT, 0, 0),
		},
		.peers = { [0] = P1(2), [2] = P1(0) },
	}, {
		.name = "T24 dummy host bridge beside a root port without ACS",
		.nr = 3,
		.fn = {
			FN(-1, CONV, 1, 0, FLAGS(TOPO_DUMMY)),
			FN(-1, ROOT_PORT, 1, 1), FN(1, ENDPOINT, 0, 0),
		},
	}, {
		/* EC is of no use without such traffic, so there is some */
		.name = "T25 EC implemented, RR not",
		.nr = 3,
		.fn = {
			ROOT,
			FN(0, ENDPOINT, 0, 0, WORDS(TOPO_ACS_EC, 0)),
			FN(0, ENDPOINT, 0, 1, F_GOOD),
		},
		.peers = { [1] = P1(2), [2] = P1(1) },
	}, {
		.name = "T25 DT on",
		.nr = 3,
		.fn = {
			ROOT,
			FN(0, ENDPOINT, 0, 0, WORDS(0x4c, 0x4c)),
			FN(0, ENDPOINT, 0, 1, F_GOOD),
		},
		.peers = { [1] = P1(2), [2] = P1(1) },
	}, {
		/* it must be there; where it is not, nothing is redirected */
		.name = "T26 downstream port, RR not implemented",
		.nr = 6,
		.fn = {
			ROOT, UP,
			FN(1, DOWNSTREAM, 0, 0, NO_RR),
			FN(1, DOWNSTREAM, 1, 0, GOOD),
			FN(2, ENDPOINT, 0, 0), FN(3, ENDPOINT, 0, 0),
		},
		.peers = { [4] = P1(5), [5] = P1(4) },
	}, {
		/* root ports need not have it */
		.name = "T26 root port, UF not implemented",
		.nr = 3,
		.fn = {
			FN(-1, ROOT_PORT, 1, 0, NO_UF),
			FN(0, ENDPOINT, 0, 0, F_GOOD),
			FN(0, ENDPOINT, 0, 1, F_GOOD),
		},
	}, {
		/* one device, though the numbers look like two */
		.name = "T27 ARI, functions 0 and 8",
		.nr = 3,
		.fn = {
			FN(-1, ROOT_PORT, 1, 0, WORDS_AND(TOPO_ARI, 0x5f, 0x1d)),
			FN(0, ENDPOINT, 0, 0), FN(0, ENDPOINT, 1, 0),
		},
		.peers = { [1] = P1(2), [2] = P1(1) },
	}, {
		.name = "T28 two PFs with empty ACS, VFs on",
		.nr = 5,
		.fn = {
			ROOT,
			FN(0, ENDPOINT, 0, 0, F_EMPTY),
			FN(0, ENDPOINT, 0, 1, F_EMPTY),
			FN(0, ENDPOINT, 2, 0, FLAGS(TOPO_VF), .vf_of = 1,
			   .bus_off = 1),
			FN(0, ENDPOINT, 2, 1, FLAGS(TOPO_VF), .vf_of = 2,
			   .bus_off = 1),
		},
	}, {
		.name = "T29 conventional on the root bus; no PCIe below a port",
		.nr = 3,
		.fn = {
			FN(-1, CONV, 2, 0),
			ROOT, FN(1, CONV, 0, 0),
		},
	}, {
		/* the bridge function has no ACS, and can have none */
		.name = "T30 PCIe-to-PCI bridge, one function of several",
		.nr = 4,
		.fn = {
			ROOT,
			FN(0, PCIE_TO_PCI, 0, 0),
			FN(0, ENDPOINT, 0, 1, F_GOOD), FN(1, CONV, 0, 0),
		},
		.peers = { [2] = P1(3), [3] = P1(2) },
	}, {
		/* a forged ID is not a route */
		.name = "T31 SV off",
		.nr = 6,
		.fn = {
			ROOT, UP,
			FN(1, DOWNSTREAM, 0, 0, GOOD_BUT(TOPO_ACS_SV)),
			FN(1, DOWNSTREAM, 1, 0, GOOD),
			FN(2, ENDPOINT, 0, 0), FN(3, ENDPOINT, 0, 0),
		},
	}, {
		.name = "T32 sibling port without ACS, empty",
		.nr = 5,
		.fn = {
			ROOT, UP,
			FN(1, DOWNSTREAM, 0, 0, GOOD),
			FN(1, DOWNSTREAM, 1, 0),
			FN(2, ENDPOINT, 0, 0),
		},
	}, {
		/* 3 below the switch reaches 4 where the switch is a function */
		.name = "T33 multi-function upstream port, RR and CR off",
		.nr = 5,
		.fn = {
			ROOT,
			FN(0, UPSTREAM, 0, 0, F_OFF),
			FN(1, DOWNSTREAM, 0, 0, GOOD), FN(2, ENDPOINT, 0, 0),
			FN(0, ENDPOINT, 0, 1, F_GOOD),
		},
		.peers = { [3] = P1(4), [4] = P1(3) },
	}, {
		.name = "T33 on, its sibling without ACS",
		.nr = 5,
		.fn = {
			ROOT,
			FN(0, UPSTREAM, 0, 0, F_GOOD),
			FN(1, DOWNSTREAM, 0, 0, GOOD), FN(2, ENDPOINT, 0, 0),
			FN(0, ENDPOINT, 0, 1),
		},
		.peers = { [3] = P1(4), [4] = P1(3) },
	}, {
		.name = "T33 mended",
		.nr = 5,
		.fn = {
			ROOT,
			FN(0, UPSTREAM, 0, 0, F_GOOD),
			FN(1, DOWNSTREAM, 0, 0, GOOD), FN(2, ENDPOINT, 0, 0),
			FN(0, ENDPOINT, 0, 1, F_GOOD),
		},
	}, {
		/* nothing stops a forged "translated" on its way up */
		.name = "T34 ATS off, TB off above",
		.nr = 4,
		.fn = {
			ROOT,
			FN(0, ENDPOINT, 0, 0, FLAGS(TOPO_ATS)),
			FN(-1, ROOT_PORT, 2, 0, GOOD_AND(TOPO_ACS_TB)),
			FN(2, ENDPOINT, 0, 0, FLAGS(TOPO_ATS)),
		},
		.strict = true,
		.at_rc = P1(1),
	}, {
		.name = "T35 multi-function bit, no second function",
		.nr = 2,
		.fn = {
			ROOT,
			FN(0, ENDPOINT, 0, 0, FLAGS(TOPO_MFBIT)),
		},
	},

/* clang-format on */
