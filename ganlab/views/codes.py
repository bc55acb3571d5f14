"""What InfoGAN's codes do: samples of one noise as a code changes, and of the code that a viewer has dialled."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ganlab.experiment import is_images
from ganlab.experiment.codes import joined, one_hot, parts
from ganlab.views.images import pixels
from ganlab.views.inputs import Moment, generate

COLUMNS = 8  # noises, or values of a dial, side by side
CLOUD = 200  # points of the dialled code


def dialled(moment: Moment, category: int, dials: tuple[float, ...], turned: int) -> dict[str, Any]:
    """Samples of several noises with the code (category, dials), and in images a grid below them.

    The grid has one noise: the category changes from row to row, and the dial `turned` from -1 to 1 across; without
    dials each column has a noise of its own.
    """
    e = moment.trainer.experiment
    category = min(category, max(e.info_categories - 1, 0))
    turned = min(turned, max(e.info_continuous - 1, 0))
    first = moment.inputs.latents[: COLUMNS if is_images(e) else CLOUD]
    chosen = _with_code(moment, first, torch.full((len(first),), category), dials)
    told = {
        "category": category, "dials": list(dials[: e.info_continuous]), "categories": e.info_categories,
        "turned": turned,
    }  # fmt: skip
    if not is_images(e):
        return told | {"points": generate(moment.generator, chosen).cpu().numpy()}
    rows = max(e.info_categories, 1)
    categories = torch.arange(rows).repeat_interleave(COLUMNS)
    noises = first if not e.info_continuous else first[:1].repeat(COLUMNS, 1)
    grid = _with_code(moment, noises.repeat(rows, 1), categories, dials)
    if e.info_continuous:
        grid[:, grid.shape[1] - e.info_continuous + turned] = torch.linspace(-1, 1, COLUMNS).repeat(rows).to(grid)
    shown = pixels(generate(moment.generator, torch.cat([chosen, grid])))
    _, height, width, channels = shown.shape
    size = {"height": height, "width": width, "channels": channels}
    return told | {"rows": 1 + rows, "columns": COLUMNS, **size, "pixels": shown}


def _with_code(moment: Moment, inputs: Tensor, categories: Tensor, dials: tuple[float, ...]) -> Tensor:
    """The inputs with these categories (n,) and these dials for all; what else they ask for is the first one's."""
    e = moment.trainer.experiment
    asked = parts(inputs, e)
    category = one_hot(categories, e.info_categories).to(inputs) if e.info_categories else asked.category
    turned = torch.tensor(dials[: e.info_continuous], device=inputs.device).expand(len(inputs), -1)
    y = moment.inputs.asked.y[:1].expand(len(inputs), -1)
    return joined(asked._replace(y=y, category=category, dials=turned))
