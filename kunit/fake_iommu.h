/* SPDX-License-Identifier: GPL-2.0-only */
/* Whether fake hosts have an IOMMU. */
#ifndef FAKE_IOMMU_H
#define FAKE_IOMMU_H

#include <linux/types.h>

void fake_iommu_set(bool there);

#endif /* FAKE_IOMMU_H */
