"""Questions asked of the networks as they are now, always with the same inputs.

A probe reads; it never changes a bit of the training. Both networks answer in eval mode, with the
averaged generator where one is kept, and every input comes from a source of chance of its own.
"""

from ganlab.views.probes import VIEWS, Probes, ViewSettings, views_of

__all__ = ["VIEWS", "Probes", "ViewSettings", "views_of"]
