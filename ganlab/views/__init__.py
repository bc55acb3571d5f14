"""What can be watched of a run: one module a view. Networks are asked as they are now, always with the same inputs.

A probe reads; it never changes a bit of the training. Both networks answer in eval mode, with the
averaged generator where one is kept, and every input comes from a source of chance of its own.
"""

from ganlab.views.catalogue import all_names, all_views, cards_of, views_of
from ganlab.views.drawing import Drawing, drawing_of
from ganlab.views.logbook import ViewSettings
from ganlab.views.probes import Probes

VIEWS = all_views()

__all__ = ["VIEWS", "Drawing", "Probes", "ViewSettings", "all_names", "cards_of", "drawing_of", "views_of"]
