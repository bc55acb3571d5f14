"""Where real samples come from; nothing here needs a network."""

from __future__ import annotations

from functools import lru_cache

from ganlab.data.base import Collection, Dataset, DataSpec, Distribution
from ganlab.data.images import digits, shapes
from ganlab.data.points import POINTS, density_1d
from ganlab.data.sampler import Sampler
from ganlab.experiment import Experiment, is_images

__all__ = ["Collection", "DataSpec", "Dataset", "Distribution", "Sampler", "density_1d", "load"]


def load(experiment: Experiment) -> Dataset:
    """The experiment's data; the same object each time it is asked for."""
    return _load(experiment.data, experiment.image_size if is_images(experiment) else 0)


@lru_cache(maxsize=32)
def _load(name: str, size: int) -> Dataset:
    match name:
        case "digits":
            return digits.digits(size or digits.OWN_SIZE)
        case "shapes":
            return shapes.shapes(size or shapes.OWN_SIZE)
    return POINTS[name]()
