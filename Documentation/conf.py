# SPDX-License-Identifier: GPL-2.0-only
#
# Sphinx's configuration; "make doc" builds the pages into build/doc/.

import pathlib
import re

here = pathlib.Path(__file__).resolve().parent
version = re.search(
    r'^PACKAGE_VERSION="(.*)"$', (here.parent / "dkms.conf").read_text(), re.MULTILINE
).group(1)
release = version

project = "acs_guard"
copyright = "the acs_guard developers, GPL-2.0-only"
extensions = ["sphinx.ext.graphviz"]
exclude_patterns = ["ABI"]
graphviz_output_format = "svg"
nitpicky = True
html_theme = "alabaster"
html_theme_options = {"page_width": "1080px", "sidebar_width": "240px"}
html_copy_source = False
