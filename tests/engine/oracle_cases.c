// SPDX-License-Identifier: GPL-2.0-only
/*
 * Topologies whose routes are known, to test the oracle with.
 *
 * The expected peers are worked out by hand, from what the packets do, and the
 * comment says what that is. T<n> are the topologies of the project's list, as
 * far as they concern routes; the rest are single points of the specification.
 */
#include "oracle_cases.h"

#define FN(up, k, dev, fn, ...)                             \
	{                                                   \
		.parent = (up), .kind = TOPO_##k,           \
		.devfn = TOPO_DEVFN(dev, fn), ##__VA_ARGS__ \
	}
#define WORDS(c, x) .flags = TOPO_ACS, .cap = (c), .ctrl = (x)
#define WORDS_AND(f, c, x) .flags = TOPO_ACS | (f), .cap = (c), .ctrl = (x)
#define FLAGS(f) .flags = (f)

/* words of ports */
#define GOOD WORDS(0x5f, TOPO_ACS_PORT)
#define GOOD_BUT(off) WORDS(0x5f, TOPO_ACS_PORT & ~(off))
#define GOOD_AND(on) WORDS(0x7f, TOPO_ACS_PORT | (on))
#define NO_RR WORDS(0x1b, 0x19)
#define NO_CR WORDS(0x17, 0x15)
#define NO_UF WORDS(0x4f, 0x0d)

/* words of other functions */
#define F_GOOD WORDS(TOPO_ACS_FUNC, TOPO_ACS_FUNC)
#define F_EMPTY WORDS(0, 0)
#define F_OFF WORDS(TOPO_ACS_FUNC, 0)

/* sets of functions */
#define P1(a) BIT_ULL(a)
#define P2(a, b) (P1(a) | P1(b))
#define P3(a, b, c) (P2(a, b) | P1(c))
#define P4(a, b, c, d) (P3(a, b, c) | P1(d))

/* function 0, a good root port, and 1, the upstream port of a switch below it */
#define ROOT FN(-1, ROOT_PORT, 1, 0, GOOD)
#define UP FN(0, UPSTREAM, 0, 0)

const struct oracle_case oracle_cases[] = {
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
		/* f6 reaches nobody, but f0 and f2 reach it */
		.name = "T3 functions 0 and 2 without ACS, 6 with",
		.nr = 4,
		.fn = {
			ROOT,
			FN(0, ENDPOINT, 0, 0), FN(0, ENDPOINT, 0, 2),
			FN(0, ENDPOINT, 0, 6, F_GOOD),
		},
		.peers = { [1] = P2(2, 3), [2] = P2(1, 3), [3] = P2(1, 2) },
	}, {
		/* the slot-mate reaches through the device what is below */
		.name = "T4 root port with a DMA-capable slot-mate",
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
		/* back down the link there is nobody but the issuer */
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
		/* 3 below the switch meets 4 where the switch is a function */
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
		.name = "T33 on, its slot-mate without ACS",
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
	}, {
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
		/* no RR at a root port: no such traffic, unless EC or DT admit */
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
		/* the VT-d specification obliges them, not their slot-mates */
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
		/* PF 2 admits to such traffic, so that PF 1's silence says nothing */
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
		/* nobody knows what it does; at worst it is a piece of wire */
		.name = "two functions below a bridge of an unknown type",
		.nr = 4,
		.fn = {
			ROOT,
			FN(0, UNKNOWN_BRIDGE, 0, 0),
			FN(1, CONV, 0, 0), FN(1, CONV, 1, 0),
		},
		.peers = { [2] = P1(3), [3] = P1(2) },
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
};

const unsigned int oracle_cases_nr = ARRAY_SIZE(oracle_cases);

/**
 * oracle_case_topo - make the topology of a case
 * @c: case
 * @t: where to
 */
void oracle_case_topo(const struct oracle_case *c, struct topo *t)
{
	memset(t, 0, sizeof(*t));
	t->nr = c->nr;
	memcpy(t->fn, c->fn, c->nr * sizeof(*c->fn));
}

/**
 * oracle_case_wrong - compare what the oracle says with what is known
 * @c: case
 * @o: after oracle_run() on its topology
 *
 * Return: what differs, or NULL.
 */
const char *oracle_case_wrong(const struct oracle_case *c,
			      const struct oracle *o)
{
	unsigned int i;

	for (i = 0; i < c->nr; i++) {
		if (!(o->functions & BIT_ULL(i)))
			continue;
		if (oracle_peers(o, i) != c->peers[i])
			return "peers";
		if (c->strict && o->memory[i] != c->memory[i])
			return "memory";
	}
	if (c->strict && o->at_rc != c->at_rc)
		return "translated requests at the root complex";
	return NULL;
}
