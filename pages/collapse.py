"""The Collapse page: mode collapse made to happen, measured and cured."""

from ganlab.ui.collapse.page import collapse_page

collapse_page()
