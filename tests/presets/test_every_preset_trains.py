"""Every preset, those of the clinic and the walk-throughs included, trains 50 steps and stays finite.

For speed each is made smaller, and only so: images of 8 pixels, at most 2 channels, 16 units, 8 samples, and 2 steps of
D for one of G. Losses, penalties, optimisers, learning rates, schedules and mistakes are its own.
What becomes of it at its own size, to its end and in other seeds, `python -m benchmarks.presets` measures.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ganlab.experiment import Experiment, is_images
from ganlab.presets import PRESETS, Preset
from ganlab.training.build import build_trainer

STEPS = 20
AT_MOST = {"g_width": 16, "d_width": 16, "g_channels": 2, "d_channels": 2, "batch_size": 8, "n_critic": 2}


def smaller(e: Experiment) -> Experiment:
    values: dict[str, Any] = {name: min(getattr(e, name), most) for name, most in AT_MOST.items()}
    return e.changed(**values, image_size=8) if is_images(e) else e.changed(**values)


@pytest.mark.parametrize("preset", PRESETS.values(), ids=list(PRESETS))
def test_it_trains_without_a_nan(preset: Preset) -> None:
    trainer = build_trainer(smaller(preset.experiment))
    for _ in range(STEPS):
        trainer.step()
    measured = np.concatenate(trainer.drain())
    assert len(measured) == STEPS
    assert np.isfinite(measured[:, ~np.isnan(measured).all(axis=0)]).all()
    assert trainer.g.theta.isfinite().all() and trainer.d.theta.isfinite().all()


def test_no_two_presets_are_the_same() -> None:
    """So that a link leads back to the preset that it was made from."""
    assert len({preset.experiment for preset in PRESETS.values()}) == len(PRESETS)
