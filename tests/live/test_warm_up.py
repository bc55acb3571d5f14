"""The frame that is made at the server's start and that nobody gets."""

from ganlab.live.warm_up import warm_up
from ganlab.presets import DEFAULT
from tests.live.decoding import decode


def test_it_touches_every_view_that_the_experiment_has() -> None:
    views = decode(warm_up(DEFAULT.experiment.changed(g_width=8, d_width=8)))["views"]
    assert {"losses", "plane", "interpolation", "modes", "cosine", "commentary"} <= set(views)
    assert len(views["losses"]["x"]) == 3
