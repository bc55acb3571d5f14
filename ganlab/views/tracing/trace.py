"""One ordinary iteration under a recorder: to the same bits, and told as plain data."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from ganlab.experiment import is_images
from ganlab.training.trainer import Trainer
from ganlab.views.images import pixels
from ganlab.views.tracing.passing import Passing
from ganlab.views.tracing.recorder import Recorder
from ganlab.views.tracing.shown import followed
from ganlab.views.tracing.steps import Scene, steps_of
from ganlab.views.tracing.values import FOLLOWED, rows

CLOUD = 128  # samples of each batch that are drawn behind the followed ones
PICTURES = 4  # followed images: more would not fit a message


def trace_step(trainer: Trainer) -> dict[str, Any]:
    """Train one iteration, and tell all that happened in it.

    Returns:
        iteration: as the trainer counts it after the step; batch: its size; n_critic: updates of D in it.
        functions: `name` and `source` of each function that was called, in the order of their first calls.
        lines: for each line that was carried out its place in `functions` (f), its number there from 0 (line), its
            depth, its event and the values that it gave to names: see `Line` and `told`.
        steps: the lines in the steps in which they are told: see `steps_of`.
        samples: what became of the followed samples: see `_samples`.
    """
    e = trainer.experiment
    updates = e.n_critic if e.model == "gan" else 1
    before = {"d": trainer.d.theta.clone(), "g": trainer.g.theta.clone()}
    with Passing(trainer) as passing, Recorder(followed(trainer), e.batch_size, updates) as recorder:
        trainer.step()
    moved = {role: _moved(before[role], player.theta) for role, player in (("d", trainer.d), ("g", trainer.g))}
    slope = _slope_of_g(passing, e.consensus_weight > 0)
    scene = Scene(trainer, recorder, moved, None if slope is None else rows(slope))
    lines = [
        {"f": line.function, "line": line.line, "depth": line.depth, "event": line.event, "names": dict(line.names)}
        for line in recorder.lines
    ]
    return {
        "iteration": trainer.iteration,
        "batch": e.batch_size,
        "n_critic": updates,
        "functions": recorder.source(),
        "lines": lines,
        "steps": steps_of(scene),
        "samples": _samples(trainer, passing, recorder.real, slope),
    }


def _moved(before: Tensor, after: Tensor) -> float:
    """How far weights moved, as a share of how large they were."""
    size = torch.linalg.vector_norm(before).clamp_min(1e-12)
    return float(torch.linalg.vector_norm(after - before) / size)


def _slope_of_g(passing: Passing, joint: bool) -> Tensor | None:
    """The gradient of G's loss for each generated sample. What consensus adds to it comes back later, the gradient
    that a D without .detach() leaves behind earlier."""
    if not passing.slopes:
        return None
    return passing.slopes[0 if joint else -1]


def _samples(trainer: Trainer, passing: Passing, real: Tensor | None, slope: Tensor | None) -> dict[str, Any]:
    """The followed samples, the first of the batch.

    Of points: `real`, `fake` (G(z) before the step), `after` (of the same z, after it) and `slope`, dL_G/dx, each
    (followed, dimension); `asked` is -lr dL_G/dx; `cloud_real` and `cloud_fake` are more of the batch. Of images: the
    first few as bytes (n, height, width, channels), and their slope summed over colours, (n, height, width).
    """
    after = passing.once_more()
    lr = float(trainer.optimizer_g.param_groups[0]["lr"])
    told: dict[str, Any] = {"rate": lr, "z": rows(passing.z)[:, :8], "extent": trainer.spec.extent}
    if is_images(trainer.experiment):
        told |= {"fake": pixels(passing.fake[:PICTURES]), "after": pixels(after[:PICTURES])}
        if slope is not None:
            told["slope"] = slope[:PICTURES].sum(1).float().cpu().numpy().copy()
        return told | {"count": min(PICTURES, len(after))}
    told |= {"fake": rows(passing.fake), "after": rows(after), "cloud_fake": _cloud(passing.fake)}
    if real is not None:
        told |= {"real": rows(real), "cloud_real": _cloud(real)}
    if slope is not None:
        told |= {"slope": rows(slope), "asked": np.float32(-lr) * rows(slope)}
    return told | {"count": min(FOLLOWED, len(after))}


def _cloud(x: Tensor) -> np.ndarray:
    return x.detach()[:CLOUD].float().cpu().numpy().copy()
