"""The part of the exported script that says where real samples come from."""

from __future__ import annotations

import pprint
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ganlab import data
from ganlab.data import Collection, Distribution, points, sampler
from ganlab.data.images import digits, mnist
from ganlab.data.images.stacked import DIGITS
from ganlab.experiment import Experiment
from ganlab.experiment.choices import DATA, Data
from ganlab.export.files import CannotExport
from ganlab.export.script.source import SourceCode

DATA_FILE = "data.npz"
MOST_DATA = 64e6  # bytes of samples that are put beside the script

MIXTURE = """\
CENTRES = torch.tensor(
{centres}
)


def real_batch() -> {returned}:
    \"\"\"Fresh samples of equally likely Gaussians around the centres{and_classes}.\"\"\"
    mode = torch.randint(len(CENTRES), (BATCH_SIZE,), generator=data_chance)
    noise = torch.empty(BATCH_SIZE, {dimension}).normal_(0, {sigma}, generator=data_chance)
    return noise.add_(CENTRES.index_select(0, mode)){classes}
"""

CURVE = """\
def real_batch() -> Tensor:
    \"\"\"Fresh points spread over the curve, with Gaussian noise around it.\"\"\"
    position = torch.rand(BATCH_SIZE, generator=data_chance)
    noise = torch.empty(BATCH_SIZE, 2).normal_(0, {sigma}, generator=data_chance)
    return noise.add_({along}(position))
"""

POINT = """\
def real_batch() -> Tensor:
    \"\"\"The data are a point at 0.\"\"\"
    return torch.zeros(BATCH_SIZE, 1)
"""

DIGIT_SAMPLES = """\
table = load_digits()
SAMPLES = torch.tensor(table.images, dtype=torch.float32).unsqueeze(1).div_({half_ink}).sub_(1)  # -1 paper, 1 ink
"""

DIGIT_CLASSES = """\
LABELS = torch.tensor(table.target, dtype=torch.int64)
"""

RESIZED = """\
SAMPLES = F.interpolate(SAMPLES, size=({size}, {size}), mode="bilinear", align_corners=False)
"""

FROM_FILE = """\
# {note}
SAMPLES = torch.from_numpy(np.load(DATA)["samples"])
"""

UNITS = """\
# They were moved and scaled for training; these two give back the original numbers{names}.
SCALE, CENTRE = torch.tensor({scale}), torch.tensor({centre})
"""

CLASSES_FROM_FILE = """\
LABELS = torch.from_numpy(np.load(DATA)["classes"])
"""

PASSES = """\
def batches() -> Iterator[{returned}]:
    \"\"\"Shuffled passes through the data, each sample once a pass; the order of pass k follows from (seed, k).\"\"\"
    order, number = torch.empty(0, dtype=torch.int64), 0
    while True:
        while len(order) < BATCH_SIZE:
            shuffled = torch.randperm(len(SAMPLES), generator=generator(stream_seed(SEED, "data"), number))
            order, number = torch.cat([order, shuffled]), number + 1
        chosen, order = order[:BATCH_SIZE], order[BATCH_SIZE:]
        yield {batch}{classes}{note}


passes = batches()


def real_batch() -> {returned}:
    \"\"\"The next samples of the data{and_classes}.\"\"\"
    return next(passes)
"""

STACKED = """\
BY_CLASS = LABELS.argsort(stable=True)
COUNT = torch.bincount(LABELS)
FIRST = COUNT.cumsum(0) - COUNT


def real_batch() -> Tensor:
    \"\"\"Three digits each, as red, green and blue, of classes drawn first: 1000 modes, all equally likely.\"\"\"
    classes = torch.randint({digits}, (BATCH_SIZE * 3,), generator=data_chance)
    members = torch.rand(BATCH_SIZE * 3, generator=data_chance, dtype=torch.float64) * COUNT[classes]
    chosen = BY_CLASS[FIRST[classes] + members.long()]
    return {batch}.view(BATCH_SIZE, {shape}){note}
"""
ONE_OF: dict[str, Data] = {"stacked_digits": "digits", "stacked_mnist": "mnist"}  # what is stacked

CHANCE = 'data_chance = generator(stream_seed(SEED, "data"))\n\n'


def data_code(e: Experiment, sources: SourceCode) -> str:
    """Python that defines `real_batch()`, with the same samples in the same order as here; adds to `sources`.

    Raises:
        CannotExport: the data are drawn in a way that the script does not have.
    """
    if e.data == "dirac":
        return POINT
    sources.add(sampler.generator)
    dataset = data.load(_single(e))
    if isinstance(dataset, Distribution):
        return CHANCE + _distribution(e, dataset, sources)
    stacked = e.data in ONE_OF
    samples = _samples(_single(e), sources, labelled=stacked or e.condition != "none")
    bytes_ = dataset.values.element_size() == 1
    batch = "SAMPLES[chosen].float().div(127.5).sub(1)" if bytes_ else "SAMPLES[chosen]"
    note = "  # bytes to [-1, 1]" if bytes_ else ""
    if stacked:
        shape = ", ".join(map(str, data.shape_of(e)))
        return CHANCE + samples + "\n" + STACKED.format(digits=DIGITS, batch=batch, shape=shape, note=note)
    sources.imports.add("from collections.abc import Iterator")
    return samples + "\n\n" + PASSES.format(batch=batch, note=note, **_labelled(e, "LABELS[chosen]"))


def _single(e: Experiment) -> Experiment:
    """With the digits that are stacked as the data, where that is what they are."""
    return e.changed(data=ONE_OF[e.data]) if e.data in ONE_OF else e


def _labelled(e: Experiment, numbers: str) -> dict[str, str]:
    """How `real_batch` gives the classes too, where G is asked for them; `numbers` says which they are."""
    if e.condition == "none":
        return {"returned": "Tensor", "classes": "", "and_classes": ""}
    one_hot = f", F.one_hot({numbers}, CLASSES).float()"
    return {"returned": "tuple[Tensor, Tensor]", "classes": one_hot, "and_classes": ", and their classes, one-hot"}


def _distribution(e: Experiment, dataset: Distribution, sources: SourceCode) -> str:
    spec = dataset.spec
    if spec.centres is not None:
        centres, dimension = pprint.pformat(spec.centres.tolist(), width=100), spec.shape[0]
        classes = _labelled(e, "mode")
        return MIXTURE.format(centres=centres, dimension=dimension, sigma=spec.sigma, **classes)
    along: Callable[..., object] | None = getattr(points, f"along_{e.data}", None)
    if along is None or dataset.kernels is None:
        raise CannotExport(f"The script can't draw these data: {DATA[e.data]}.")
    sources.add(along)
    return CURVE.format(sigma=dataset.kernels[1], along=along.__name__)


def _samples(e: Experiment, sources: SourceCode, *, labelled: bool) -> str:
    if e.data == "digits":
        sources.imports.add("from sklearn.datasets import load_digits")
        resized = RESIZED.format(size=e.image_size) if e.image_size not in (0, digits.OWN_SIZE) else ""
        if resized:
            sources.imports.add("import torch.nn.functional as F")
        return DIGIT_SAMPLES.format(half_ink=digits.INK / 2) + resized + (DIGIT_CLASSES if labelled else "")
    classes = ", and `classes` (n,)" if labelled else ""
    shape = f"(n, {', '.join(map(str, data.shape_of(e)))})"
    note = f"{DATA[e.data]}: a NumPy file with `samples` of shape {shape}{classes}."
    note += f"\n# {mnist.LICENCE}." if e.data == "mnist_10k" else ""
    return FROM_FILE.format(note=note) + _units(e) + (CLASSES_FROM_FILE if labelled else "")


def _units(e: Experiment) -> str:
    units = data.load(e).spec.units
    if units is None:
        return ""
    names = f": {', '.join(map(repr, units.names))}" if units.names else ""
    return UNITS.format(names=names, scale=list(units.scale), centre=list(units.centre))


def restored(e: Experiment, samples: str) -> str:
    """Python for these samples in the numbers that were handed in."""
    return samples if data.load(e).spec.units is None else f"({samples} * SCALE + CENTRE)"


def needs_file(e: Experiment) -> bool:
    """Whether the script reads its samples from a file."""
    e = _single(e)
    return e.data != "digits" and isinstance(data.load(e), Collection)


def write_data(e: Experiment, folder: Path) -> str:
    """Puts the samples beside the script, unless they are too large; says what was done."""
    dataset = data.load(_single(e))
    assert isinstance(dataset, Collection)
    values = dataset.values.numpy()
    if values.nbytes > MOST_DATA:
        return (
            f"its data ({values.nbytes / 1e6:.0f} MB) are not beside it: save them as `samples` of shape "
            f"{values.shape}, {values.dtype}, in {DATA_FILE}"
        )
    arrays: dict[str, Any] = {"samples": values}
    if dataset.classes is not None:
        arrays["classes"] = dataset.classes.numpy()
    np.savez_compressed(folder / DATA_FILE, **arrays)
    return f"its data are beside it in {DATA_FILE}"
