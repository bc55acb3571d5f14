"""Where real samples come from: drawn or drawn up here, shipped, downloaded on first use, or a person's own."""

from __future__ import annotations

from functools import lru_cache

from ganlab.data import own, own_points
from ganlab.data.base import Collection, Dataset, DataSpec, Distribution, Units
from ganlab.data.cache import DataUnavailable
from ganlab.data.downloads import Progress
from ganlab.data.images import digits, public
from ganlab.data.images.own import OWN_SIZE, own_images
from ganlab.data.images.shipped import SHIPPED
from ganlab.data.images.stacked import stacked
from ganlab.data.points import POINTS, density_1d
from ganlab.data.sampler import Sampler
from ganlab.experiment import Experiment, is_images
from ganlab.experiment.choices import DOWNLOADED, OWN

__all__ = [
    "Collection", "DataSpec", "DataUnavailable", "Dataset", "Distribution", "Sampler", "Units", "density_1d", "is_here",
    "load", "modes_known", "prepare", "published", "shape_of",
]  # fmt: skip


def load(experiment: Experiment) -> Dataset:
    """The experiment's data; the same object each time it is asked for.

    Raises:
        DataUnavailable: they are not here and can't be downloaded, or were never handed in.
    """
    name, size = experiment.data, experiment.image_size if is_images(experiment) else 0
    large = name in DOWNLOADED or name == "own_images"
    dataset = (_load_large if large else _load)(name, size, experiment.own_data if name in OWN else "")
    if name in OWN and experiment.own_classes not in (0, len(dataset.spec.labels)):
        raise DataUnavailable(
            f"The experiment says that its own data have {experiment.own_classes} classes (own_classes), but they "
            f"have {len(dataset.spec.labels)}: add the data again, or correct own_classes."
        )
    return dataset


@lru_cache(maxsize=32)
def _load(name: str, size: int, digest: str) -> Dataset:
    match name:
        case "own_points":
            return own_points.own_points(digest)
        case "stacked_digits":
            return stacked(digits.digits(size or digits.OWN_SIZE))
        case name if name in SHIPPED:
            return SHIPPED[name].at_size(size or SHIPPED[name].own_size)
    return POINTS[name]()


@lru_cache(maxsize=4)  # each may take half a gigabyte
def _load_large(name: str, size: int, digest: str) -> Dataset:
    match name:
        case "own_images":
            return own_images(digest, size)
        case "stacked_mnist":
            return stacked(public.public("mnist", size))
    return public.public(name, size)


def prepare(experiment: Experiment, progress: Progress) -> None:
    """Download the experiment's data if they are not here yet, and report to `progress`.

    Raises:
        DataUnavailable: as `load`.
    """
    if experiment.data in DOWNLOADED:
        public.download(_source(experiment.data), progress)
    load(experiment)


def is_here(experiment: Experiment) -> bool:
    """Whether the experiment's data need neither a network nor anybody to hand them in."""
    if experiment.data in DOWNLOADED:
        return public.is_cached(_source(experiment.data))
    return _own_shape(experiment) is not None if experiment.data in OWN else True


def published(experiment: Experiment) -> public.Public | None:
    """The public data set that the experiment's data are, or are made of; None if they need no download."""
    return public.PUBLIC[_source(experiment.data)] if experiment.data in DOWNLOADED else None


def shape_of(experiment: Experiment) -> tuple[int, ...]:
    """The shape of one sample, without loading any: own data that are missing count as points in the plane,
    or as images in colour.
    """
    size = experiment.image_size
    match experiment.data:
        case "own_points":
            return _own_shape(experiment) or (2,)
        case "own_images":
            channels = (_own_shape(experiment) or (3,))[0]
            return (channels, size or OWN_SIZE, size or OWN_SIZE)
        case "stacked_digits":
            return (3, size or digits.OWN_SIZE, size or digits.OWN_SIZE)
        case name if name in SHIPPED:
            known = SHIPPED[name]
            return (known.channels, size or known.own_size, size or known.own_size)
        case name if name in DOWNLOADED:
            channels, own_size, _ = public.PUBLIC[_source(name)].shape
            return (3 if name == "stacked_mnist" else channels, size or own_size, size or own_size)
    return load(experiment).spec.shape


def modes_known(experiment: Experiment) -> bool:
    """Whether the data are a mixture whose modes are known points, without loading any that are large."""
    return experiment.data in POINTS and load(experiment).spec.centres is not None


def _source(name: str) -> str:
    return "mnist" if name == "stacked_mnist" else name


def _own_shape(experiment: Experiment) -> tuple[int, ...] | None:
    """The shape of one of the samples handed in, None if they are not here."""
    try:
        return own.find("points" if experiment.data == "own_points" else "images", experiment.own_data).shape[1:]
    except DataUnavailable:
        return None
