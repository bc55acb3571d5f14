"""What is measured of the samples of a sweep's members: the same for one in a wall and one that trained alone."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from ganlab.data import load
from ganlab.data.base import Dataset
from ganlab.experiment import Experiment
from ganlab.latent import draw_latents
from ganlab.metrics.modes import mode_coverage
from ganlab.runs.record import RunRecord
from ganlab.runs.sweeps.distance import DistanceToData
from ganlab.training import rng
from ganlab.training.build import build_trainer
from ganlab.training.checkpoint import restore

COVERAGE = ("modes", "high_quality", "reverse_kl")
POINTS_COUNTED = 1000


class SampleMeasures:
    """How near samples are to some data, and how many of their modes they capture where those are known.

    Attributes:
        names: of the measures; noise: see `DistanceToData`.
    """

    def __init__(self, dataset: Dataset) -> None:
        self._spec = dataset.spec
        self._distance = DistanceToData(dataset)
        self.names = ("difference", *(COVERAGE if self._spec.centres is not None else ()))
        self.noise = self._distance.noise

    def latents(self, e: Experiment) -> Tensor:
        """Those of the samples that are measured, (n, input_dim): the same for all members."""
        n = self._distance.samples if len(self._spec.shape) == 3 else POINTS_COUNTED
        return draw_latents(n, e, rng.generator(0, "probes"))

    def of(self, samples: Tensor) -> dict[str, float]:
        """The measures of samples (n, *shape), by name."""
        samples = samples.cpu()
        measured = {"difference": self._distance.of(samples)}
        if self._spec.centres is not None:
            assert self._spec.sigma is not None
            found = mode_coverage(samples.numpy(), self._spec.centres, self._spec.sigma)
            measured |= zip(COVERAGE, (found.captured, found.high_quality, found.reverse_kl), strict=True)
        return measured


@torch.no_grad()
def measures_of(record: RunRecord) -> Mapping[str, float]:
    """All that a wall shows of a member, by name, of a run as it was recorded.

    Raises:
        ExperimentError: its data are not here.
    """
    assert record.checkpoint is not None
    e = Experiment.of(**record.checkpoint.plain["experiment"])
    trainer, measures = build_trainer(e), SampleMeasures(load(e))
    restore(trainer, record.checkpoint.tensors, record.checkpoint.plain)
    torch.set_num_threads(trainer.threads)
    samples = trainer.shown.eval()(measures.latents(e).to(trainer.device))
    last = record.checkpoint.history[-1]
    return measures.of(samples) | {name: float(value) for name, value in zip(record.scalars, last, strict=True)}
