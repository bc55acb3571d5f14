"""What InfoGAN's codes do: samples of one noise as a code changes, and of the code that a viewer has dialled."""

from __future__ import annotations

import torch
from torch import Tensor

from ganlab.experiment import has_codes, is_images
from ganlab.experiment.codes import joined, one_hot, parts
from ganlab.views.images import mosaic
from ganlab.views.inputs import Moment, as_array, generate
from ganlab.views.logbook import Logbook
from ganlab.views.view import Answer, View, Wire

COLUMNS = 8  # noises, or values of a dial, side by side
CLOUD = 200  # points of the dialled code
MOST_ALIKE = 3  # categories whose samples are compared among themselves


def codes(now: Moment, book: Logbook) -> Answer:
    """Samples of several noises with the code that a viewer has dialled, and in images a grid below them.

    The grid has one noise: the category changes from row to row, and the dial `turned` from -1 to 1 across; without
    dials each column has a noise of its own.
    """
    e, dials = now.trainer.experiment, book.settings.dials
    category = min(book.settings.category, max(e.info_categories - 1, 0))
    turned = min(book.settings.turned, max(e.info_continuous - 1, 0))
    first = now.inputs.latents[: COLUMNS if is_images(e) else CLOUD]
    chosen = _with_code(now, first, torch.full((len(first),), category), dials)
    told = {
        "category": category, "dials": list(dials[: e.info_continuous]), "categories": e.info_categories,
        "turned": turned,
    }  # fmt: skip
    if not is_images(e):
        return told | {"points": as_array(generate(now.generator, chosen))}
    rows = max(e.info_categories, 1)
    categories = torch.arange(rows).repeat_interleave(COLUMNS)
    noises = first if not e.info_continuous else first[:1].repeat(COLUMNS, 1)
    grid = _with_code(now, noises.repeat(rows, 1), categories, dials)
    if e.info_continuous:
        grid[:, grid.shape[1] - e.info_continuous + turned] = torch.linspace(-1, 1, COLUMNS).repeat(rows).to(grid)
    return told | mosaic(generate(now.generator, torch.cat([chosen, grid])), 1 + rows, COLUMNS)


def samples_of_a_code(now: Moment) -> list[Tensor]:
    """Of some categories, samples of several noises with all dials at 0: (8, *shape) each."""
    e, first = now.trainer.experiment, now.inputs.latents[:COLUMNS]
    categories = torch.arange(min(e.info_categories, MOST_ALIKE)).repeat_interleave(len(first))
    dials = (0.0,) * e.info_continuous
    inputs = _with_code(now, first.repeat(len(categories) // len(first), 1), categories, dials)
    return list(torch.split(generate(now.generator, inputs), len(first)))


def _with_code(now: Moment, inputs: Tensor, categories: Tensor, dials: tuple[float, ...]) -> Tensor:
    """The inputs with these categories (n,) and these dials for all; what else they ask for is the first one's."""
    e = now.trainer.experiment
    asked = parts(inputs, e)
    category = one_hot(categories, e.info_categories).to(inputs) if e.info_categories else asked.category
    turned = torch.tensor(dials[: e.info_continuous], device=inputs.device).expand(len(inputs), -1)
    y = now.inputs.asked.y[:1].expand(len(inputs), -1)
    return joined(asked._replace(y=y, category=category, dials=turned))


VIEW = View("codes", has_codes, codes, Wire(jpeg_bytes=14_000), place=90, node="codes")
