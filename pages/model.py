"""The Model page: the whole game as one live diagram, and one training step in slow motion."""

from ganlab.ui import session
from ganlab.ui.model.page import model_page

session.run()
session.remember("node", "step", "tour")
model_page()
