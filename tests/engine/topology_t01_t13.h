/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Topologies T1 to T13; see topology_list.h
 */

/* clang-format off */
/* R2: requests turn round in the switch, whatever the root port does. */
TOPOLOGY("T1 a switch without ACS", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP },
	{ "dp1", "up",  1, 0, FAKE_DP },
	{ "ep0", "dp0", 0, 0, FAKE_EP },
	{ "ep1", "dp1", 0, 0, FAKE_EP },
}, {
	{ { "ep0", "no-acs", "dp0", ALL, "ep1" }, .excused = true },
	{ { "ep1", "no-acs", "dp1", ALL, "ep0" }, .excused = true },
})
/* Control to T1. */
TOPOLOGY("T1 a switch with ACS", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP, ON },
	{ "dp1", "up",  1, 0, FAKE_DP, ON },
	{ "ep0", "dp0", 0, 0, FAKE_EP },
	{ "ep1", "dp1", 0, 0, FAKE_EP },
}, {
	{ { "ep0", "isolated" } },
	{ { "ep1", "isolated" } },
})
/* R6: what is below the weak port reaches what is below the good one. */
TOPOLOGY("T2 one good port, one without ACS", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP, ON },
	{ "dp1", "up",  1, 0, FAKE_DP },
	{ "ep0", "dp0", 0, 0, FAKE_EP },
	{ "ep1", "dp1", 0, 0, FAKE_EP },
}, {
	{ { "ep0", "sibling-port", "dp1", ALL, "ep1" }, .excused = true },
	{ { "ep1", "no-acs", "dp1", ALL, "ep0" }, .excused = true },
})
/* R4: f6 keeps its own requests in, but f0 and f2 reach it. */
TOPOLOGY("T3 one of three functions with ACS", {
	{ "rp", "",   1, 0, FAKE_RP, ON },
	{ "f0", "rp", 0, 0, FAKE_EP },
	{ "f2", "rp", 0, 2, FAKE_EP },
	{ "f6", "rp", 0, 6, FAKE_EP, APART },
}, {
	{ { "f0", "multifunction", "f0", "RR,CR", "f2 f6" }, .excused = true },
	{ { "f2", "multifunction", "f2", "RR,CR", "f0 f6" }, .excused = true },
	{ { "f6", "multifunction", "f0", "RR,CR", "f0 f2" }, .excused = true },
})
/* R5: the sibling reaches what is below the root port, without its ACS. */
TOPOLOGY("T4 a root port with a sibling", {
	{ "rp",   "",   1, 0, FAKE_RP, ON },
	{ "sibling", "",   1, 1, FAKE_RCIEP },
	{ "ep",   "rp", 0, 0, FAKE_EP },
}, {
	{ { "ep", "multifunction", "sibling", "RR,CR", "sibling" }, .excused = true },
	{ { "sibling", "multifunction", "sibling", "RR,CR", "ep" }, .excused = true },
})
/* Control to T4. */
TOPOLOGY("T4 a root port with a sibling kept apart", {
	{ "rp",   "",   1, 0, FAKE_RP, ON },
	{ "sibling", "",   1, 1, FAKE_RCIEP, APART },
	{ "ep",   "rp", 0, 0, FAKE_EP },
}, {
	{ { "ep", "isolated" } },
	{ { "sibling", "isolated" } },
})
/* R5: root ports of one device are to each other as ports of one switch. */
TOPOLOGY("T4 two root ports of one device, one without ACS", {
	{ "rp0", "",    1, 0, FAKE_RP },
	{ "rp1", "",    1, 1, FAKE_RP, ON },
	{ "ep0", "rp0", 0, 0, FAKE_EP },
	{ "ep1", "rp1", 0, 0, FAKE_EP },
}, {
	{ { "ep0", "no-acs", "rp0", ALL, "ep1" }, .excused = true },
	{ { "ep1", "multifunction", "rp0", "RR,CR", "ep0" }, .excused = true },
})
/* R1: whatever is behind the bridge has the bridge's requester ID. */
TOPOLOGY("T6 a PCIe-to-PCI bridge, one card", {
	{ "rp",    "",    1, 0, FAKE_RP, ON },
	{ "br",    "rp",  0, 0, FAKE_PCIE_TO_PCI },
	{ "card0", "br",  0, 0, FAKE_PCI },
}, {
	{ { "card0", "isolated" } },
})
TOPOLOGY("T6 a PCIe-to-PCI bridge, two cards", {
	{ "rp",    "",    1, 0, FAKE_RP, ON },
	{ "br",    "rp",  0, 0, FAKE_PCIE_TO_PCI },
	{ "card0", "br",  0, 0, FAKE_PCI },
	{ "card1", "br",  1, 0, FAKE_PCI },
}, {
	{ { "card0", "conventional", "br", NULL, "card1" }, .excused = true },
	{ { "card1", "conventional", "br", NULL, "card0" }, .excused = true },
})
/* R1: the topmost such bridge counts, not the nearest. */
TOPOLOGY("T6 a PCIe-to-PCI bridge, another bridge below it", {
	{ "rp",    "",    1, 0, FAKE_RP, ON },
	{ "br",    "rp",  0, 0, FAKE_PCIE_TO_PCI },
	{ "card0", "br",  0, 0, FAKE_PCI },
	{ "p2p",   "br",  1, 0, FAKE_PCI_BRIDGE },
	{ "card1", "p2p", 0, 0, FAKE_PCI },
}, {
	{ { "card0", "conventional", "br", NULL, "card1" }, .excused = true },
	{ { "card1", "conventional", "br", NULL, "card0" }, .excused = true },
})
/* R7: no rule of the specification says what it does. */
TOPOLOGY("T7 an endpoint inside a switch", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP, ON },
	{ "in",  "up",  1, 0, FAKE_EP },
	{ "dp2", "up",  2, 0, FAKE_DP, ON },
	{ "ep0", "dp0", 0, 0, FAKE_EP },
	{ "ep2", "dp2", 0, 0, FAKE_EP },
}, {
	{ { "ep0", "internal-function", "in", NULL, "in" } },
	{ { "ep2", "internal-function", "in", NULL, "in" } },
	{ { "in", "internal-function", "in", NULL, "ep0 ep2" } },
})
/* S2, 7.7.11.3: upstream port memory 0 lets it pass, 1 blocks, 2 redirects. */
TOPOLOGY("T8 upstream port memory, allowed", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP, .bar = { 0x1000 } },
	{ "dp",  "up",  0, 0, FAKE_DP, .acs = FAKE_ACS(0x9f, 0x1d) },
	{ "ep",  "dp",  0, 0, FAKE_EP },
}, {
	{ { "ep", "isolated" }, .strict = "port-memory", .at = "dp" },
})
TOPOLOGY("T8 upstream port memory, blocked", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP, .bar = { 0x1000 } },
	{ "dp",  "up",  0, 0, FAKE_DP, .acs = FAKE_ACS(0x9f, 0x41d) },
	{ "ep",  "dp",  0, 0, FAKE_EP },
}, {
	{ { "ep", "isolated" } },
})
TOPOLOGY("T8 upstream port memory, redirected", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP, .bar = { 0x1000 } },
	{ "dp",  "up",  0, 0, FAKE_DP, .acs = FAKE_ACS(0x9f, 0x81d) },
	{ "ep",  "dp",  0, 0, FAKE_EP },
}, {
	{ { "ep", "isolated" } },
})
TOPOLOGY("T8 upstream port memory, reserved value", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP, .bar = { 0x1000 } },
	{ "dp",  "up",  0, 0, FAKE_DP, .acs = FAKE_ACS(0x9f, 0xc1d) },
	{ "ep",  "dp",  0, 0, FAKE_EP },
}, {
	{ { "ep", "isolated" }, .strict = "port-memory", .at = "dp" },
})
TOPOLOGY("T8 upstream port memory, blocked but not Enhanced", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP, .bar = { 0x1000 } },
	{ "dp",  "up",  0, 0, FAKE_DP, .acs = FAKE_ACS(0x1f, 0x41d) },
	{ "ep",  "dp",  0, 0, FAKE_EP },
}, {
	{ { "ep", "isolated" }, .strict = "port-memory", .at = "dp" },
})
TOPOLOGY("T8 upstream port without memory, nor Enhanced", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp",  "up",  0, 0, FAKE_DP, ON },
	{ "ep",  "dp",  0, 0, FAKE_EP },
}, {
	{ { "ep", "isolated" } },
})
/* S2: its own memory is no matter to a port; the neighbour's is. */
TOPOLOGY("T8 memory of one downstream port", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP, .acs = FAKE_ACS(0x9f, 0x1d),
	  .bar = { 0x1000 } },
	{ "dp1", "up",  1, 0, FAKE_DP, .acs = FAKE_ACS(0x9f, 0x1d) },
	{ "dp2", "up",  2, 0, FAKE_DP, .acs = FAKE_ACS(0x9f, 0x11d) },
	{ "ep0", "dp0", 0, 0, FAKE_EP },
	{ "ep1", "dp1", 0, 0, FAKE_EP },
	{ "ep2", "dp2", 0, 0, FAKE_EP },
}, {
	{ { "ep0", "isolated" } },
	{ { "ep1", "isolated" }, .strict = "port-memory", .at = "dp1" },
	{ { "ep2", "isolated" } },
})
/* R2: no function is beside it today. */
TOPOLOGY("T9 a root port without ACS", {
	{ "rp", "",   1, 0, FAKE_RP },
	{ "ep", "rp", 0, 0, FAKE_EP },
}, {
	{ { "ep", "no-acs", "rp", ALL }, .excused = true },
})
/* 6.12.3: a port without UF turns round what the switch sends up. */
TOPOLOGY("T9 a good switch below a root port without ACS", {
	{ "rp",  "",    1, 0, FAKE_RP },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP, ON },
	{ "dp1", "up",  1, 0, FAKE_DP, ON },
	{ "ep0", "dp0", 0, 0, FAKE_EP },
	{ "ep1", "dp1", 0, 0, FAKE_EP },
}, {
	{ { "ep0", "no-acs", "rp", ALL, "ep1" }, .excused = true },
	{ { "ep1", "no-acs", "rp", ALL, "ep0" }, .excused = true },
})
TOPOLOGY("T9 a good switch below a root port with UF off", {
	{ "rp",  "",    1, 0, FAKE_RP, .acs = FAKE_ACS(0x1f, 0x0d) },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP, ON },
	{ "dp1", "up",  1, 0, FAKE_DP, ON },
	{ "ep0", "dp0", 0, 0, FAKE_EP },
	{ "ep1", "dp1", 0, 0, FAKE_EP },
}, {
	{ { "ep0", "acs-disabled", "rp", "UF", "ep1" }, .excused = true },
	{ { "ep1", "acs-disabled", "rp", "UF", "ep0" }, .excused = true },
})
/* R4 */
TOPOLOGY("T10 two functions without ACS", {
	{ "rp", "",   1, 0, FAKE_RP, ON },
	{ "f0", "rp", 0, 0, FAKE_EP },
	{ "f1", "rp", 0, 1, FAKE_EP },
}, {
	{ { "f0", "multifunction", "f0", "RR,CR", "f1" }, .excused = true },
	{ { "f1", "multifunction", "f1", "RR,CR", "f0" }, .excused = true },
})
/* R4, 6.12.1.2: who implements nothing has no peer-to-peer traffic. */
TOPOLOGY("T11 two functions with an empty ACS capability", {
	{ "rp", "",   1, 0, FAKE_RP, ON },
	{ "f0", "rp", 0, 0, FAKE_EP, EMPTY },
	{ "f1", "rp", 0, 1, FAKE_EP, EMPTY },
}, {
	{ { "f0", "isolated" } },
	{ { "f1", "isolated" } },
})
/* R8, 7.7.11: a device with paths inside would have ACS somewhere. */
TOPOLOGY("T12 virtual functions, no ACS", {
	{ "rp", "",   1, 0, FAKE_RP, ON },
	{ "pf", "rp", 0, 0, FAKE_EP, .vfs.total = 2, .vfs.on = 2 },
}, {
	{ { "pf", "isolated" } },
	{ { "pf.vf0", "isolated" } },
	{ { "pf.vf1", "isolated" } },
})
/* R8: this one has; a VF without ACS is kept in by its PF's, or is not. */
TOPOLOGY("T12 virtual functions, the PF's RR and CR off", {
	{ "rp", "",   1, 0, FAKE_RP, ON },
	{ "pf", "rp", 0, 0, FAKE_EP, .acs = FAKE_ACS(0x0c, 0),
	  .vfs.total = 2, .vfs.on = 2 },
}, {
	{ { "pf", "multifunction", "pf", "RR,CR", "pf.vf0 pf.vf1" } },
	{ { "pf.vf0", "multifunction", "pf", "RR,CR", "pf pf.vf1" } },
	{ { "pf.vf1", "multifunction", "pf", "RR,CR", "pf pf.vf0" } },
})
TOPOLOGY("T12 virtual functions, the PF's RR and CR on", {
	{ "rp", "",   1, 0, FAKE_RP, ON },
	{ "pf", "rp", 0, 0, FAKE_EP, APART, .vfs.total = 2, .vfs.on = 2 },
}, {
	{ { "pf", "isolated" } },
	{ { "pf.vf0", "isolated" } },
	{ { "pf.vf1", "isolated" } },
})
TOPOLOGY("T12 one virtual function, the PF's CR off", {
	{ "rp", "",   1, 0, FAKE_RP, ON },
	{ "pf", "rp", 0, 0, FAKE_EP, .acs = FAKE_ACS(0x0c, 0x04),
	  .vfs.total = 1, .vfs.on = 1 },
}, {
	{ { "pf", "multifunction", "pf", "CR", "pf.vf0" }, .excused = true },
	{ { "pf.vf0", "multifunction", "pf", "CR", "pf" }, .excused = true },
})
/* R8: no function is left that could reach it. */
TOPOLOGY("T12 no virtual function enabled, the PF's RR and CR off", {
	{ "rp", "",   1, 0, FAKE_RP, ON },
	{ "pf", "rp", 0, 0, FAKE_EP, .acs = FAKE_ACS(0x0c, 0),
	  .vfs.total = 1 },
}, {
	{ { "pf", "isolated" } },
})
TOPOLOGY("T12 a virtual function's own RR off", {
	{ "rp", "",   1, 0, FAKE_RP, ON },
	{ "pf", "rp", 0, 0, FAKE_EP, APART, .vfs.total = 1, .vfs.on = 1,
	  .vfs.acs = FAKE_ACS(0x0c, 0x08) },
}, {
	{ { "pf", "multifunction", "pf.vf0", "RR", "pf.vf0" }, .excused = true },
	{ { "pf.vf0", "multifunction", "pf.vf0", "RR", "pf" }, .excused = true },
})
TOPOLOGY("T12 virtual functions, all of them with ACS", {
	{ "rp", "",   1, 0, FAKE_RP, ON },
	{ "pf", "rp", 0, 0, FAKE_EP, APART, .vfs.total = 2, .vfs.on = 2,
	  .vfs.acs = FAKE_ACS(0x0c, 0x0c) },
}, {
	{ { "pf", "isolated" } },
	{ { "pf.vf0", "isolated" } },
	{ { "pf.vf1", "isolated" } },
})
/* R8: another PF of the device has the paths. */
TOPOLOGY("T12 virtual functions, another PF's RR and CR off", {
	{ "rp",  "",   1, 0, FAKE_RP, .flags = FAKE_ARI, ON },
	{ "pf0", "rp", 0, 0, FAKE_EP, .flags = FAKE_ARI, APART,
	  .vfs.total = 1, .vfs.on = 1 },
	{ "pf1", "rp", 0, 1, FAKE_EP, .flags = FAKE_ARI,
	  .acs = FAKE_ACS(0x0c, 0) },
}, {
	{ { "pf0", "multifunction", "pf1", "RR,CR", "pf1" }, .excused = true },
	{ { "pf1", "multifunction", "pf1", "RR,CR", "pf0 pf0.vf0" }, .excused = true },
	{ { "pf0.vf0", "multifunction", "pf1", "RR,CR", "pf1" }, .excused = true },
})
/* R8: that another PF has ACS shows that there are paths to keep apart. */
TOPOLOGY("T12 virtual functions, another PF with ACS", {
	{ "rp",  "",   1, 0, FAKE_RP, .flags = FAKE_ARI, ON },
	{ "pf0", "rp", 0, 0, FAKE_EP, .flags = FAKE_ARI,
	  .vfs.total = 1, .vfs.on = 1 },
	{ "pf1", "rp", 0, 1, FAKE_EP, .flags = FAKE_ARI, APART },
}, {
	{ { "pf0", "multifunction", "pf0", "RR,CR", "pf0.vf0 pf1" }, .excused = true },
	{ { "pf1", "multifunction", "pf0", "RR,CR", "pf0 pf0.vf0" }, .excused = true },
	{ { "pf0.vf0", "multifunction", "pf0.vf0", "RR,CR", "pf0 pf1" }, .excused = true },
})
/* R8: the path of a VF is its PF's, though it is on a bus of its own. */
TOPOLOGY("T12 a virtual function below a switch without ACS", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP },
	{ "dp1", "up",  1, 0, FAKE_DP },
	{ "pf",  "dp0", 0, 0, FAKE_EP, .vfs.total = 1, .vfs.on = 1,
	  .vfs.offset = 256 },
	{ "ep",  "dp1", 0, 0, FAKE_EP },
}, {
	{ { "pf.vf0", "no-acs", "dp0", ALL, "ep pf" }, .excused = true },
	{ { "pf", "no-acs", "dp0", ALL, "ep pf.vf0" }, .excused = true },
	{ { "ep", "no-acs", "dp1", ALL, "pf pf.vf0" }, .excused = true },
})
TOPOLOGY("T12 a virtual function below a good switch", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP, ON },
	{ "dp1", "up",  1, 0, FAKE_DP, ON },
	{ "pf",  "dp0", 0, 0, FAKE_EP, .vfs.total = 1, .vfs.on = 1,
	  .vfs.offset = 256 },
	{ "ep",  "dp1", 0, 0, FAKE_EP },
}, {
	{ { "pf.vf0", "isolated" } },
	{ { "pf", "isolated" } },
	{ { "ep", "isolated" } },
})
/* R10: what arrives at the root complex goes to the IOMMU. */
TOPOLOGY("T13 integrated endpoints", {
	{ "ie0", "", 1, 0, FAKE_RCIEP },
	{ "ie1", "", 2, 0, FAKE_RCIEP },
}, {
	{ { "ie0", "isolated" } },
	{ { "ie1", "isolated" } },
})
/* R4: VT-d obliges Intel's; no specification obliges the others. */
TOPOLOGY("T13 two-function integrated endpoint of Intel's", {
	{ "ie0", "", 1, 0, FAKE_RCIEP, .vendor = 0x8086 },
	{ "ie1", "", 1, 1, FAKE_RCIEP, .vendor = 0x8086 },
}, {
	{ { "ie0", "isolated" } },
	{ { "ie1", "isolated" } },
})
TOPOLOGY("T13 two-function integrated endpoint", {
	{ "ie0", "", 1, 0, FAKE_RCIEP },
	{ "ie1", "", 1, 1, FAKE_RCIEP },
}, {
	{ { "ie0", "multifunction", "ie0", "RR,CR", "ie1" }, .excused = true },
	{ { "ie1", "multifunction", "ie1", "RR,CR", "ie0" }, .excused = true },
})

/* clang-format on */
