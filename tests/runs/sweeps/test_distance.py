"""A wall's members are told apart by their samples, and real samples count as near."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from ganlab.data import Sampler, load
from ganlab.experiment import Experiment
from ganlab.runs.sweeps.distance import DistanceToData


@pytest.mark.parametrize("data", ["ring", "mixture_1d", "digits", "shapes"])
def test_real_samples_are_nearest_and_fewer_kinds_of_them_are_farther(data: str) -> None:
    dataset = load(Experiment.of(data=data))
    measure = DistanceToData(dataset)
    real = Sampler(dataset, 7).next(measure.samples)
    one_of_them: Tensor = real[:1].expand_as(real)
    half = torch.cat([real[: len(real) // 2], one_of_them[: len(real) - len(real) // 2]])
    assert measure.of(real) <= 3 * measure.noise
    assert measure.of(real) < measure.of(half) < measure.of(one_of_them)


def test_data_that_are_all_alike_leave_a_scale_to_colour_by(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sampler, "next", lambda _, count: torch.zeros(count, 2))
    measure = DistanceToData(load(Experiment.of(data="ring")))
    assert measure.noise > 0
    assert measure.of(torch.zeros(400, 2)) == 0


def test_samples_that_are_not_finite_have_no_distance() -> None:
    measure = DistanceToData(load(Experiment.of(data="ring")))
    assert torch.tensor(measure.of(torch.full((400, 2), torch.nan))).isnan()
    assert torch.tensor(measure.of(torch.full((400, 2), torch.inf))).isnan()
