"""A run whose data are not there: it fails with the sentence that says what to do, and recovers once they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ganlab.data import DataUnavailable, downloads, load
from ganlab.data.own_points import keep
from ganlab.experiment import Experiment
from ganlab.runs import Run, State


@pytest.fixture(autouse=True)
def _cache_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object, **__: object) -> None:
        raise OSError("no network")

    monkeypatch.setenv("GANLAB_CACHE", str(tmp_path))
    monkeypatch.setattr("urllib.request.urlopen", nobody)
    monkeypatch.setattr(downloads, "_failures", {})


def played(experiment: Experiment) -> Run:
    run = Run(experiment)
    run.play()
    run.obey()
    run.turn(0.01)
    return run


@pytest.mark.parametrize("data", ["mnist", "own_points", "own_images"])
def test_a_run_without_its_data_fails_with_what_to_do(data: str) -> None:
    e = Experiment.of(data=data)
    run = played(e)
    with pytest.raises(DataUnavailable) as error:
        load(e)
    assert run.state is State.FAILED
    assert run.message == str(error.value)


def test_a_run_trains_on_a_persons_own_points() -> None:
    values = np.random.default_rng(0).normal(size=(100, 2))
    run = played(Experiment.of(data="own_points", own_data=keep(values), batch_size=8, g_width=8, d_width=8))
    assert run.state is State.RUNNING
    assert run.iteration > 0
