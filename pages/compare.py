"""The Compare page: several runs side by side, live."""

from ganlab.ui.compare.page import compare_page

compare_page()
