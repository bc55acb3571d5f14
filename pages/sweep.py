"""The Sweep page: a wall of GANs that differ in one or two settings, trained at once."""

from ganlab.ui import session
from ganlab.ui.sweep.page import sweep_page

session.run()
session.remember()
sweep_page()
