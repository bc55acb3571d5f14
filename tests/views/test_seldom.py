"""Views that cost much repeat their answer for a second while a run trains, and never disagree with each other."""

from __future__ import annotations

import pytest

from ganlab.experiment import Experiment
from ganlab.training.history import History
from ganlab.training.trainer import Trainer
from ganlab.views import Probes
from ganlab.views import probes as module
from ganlab.views.seldom import SECONDS

SEEN = ("plane", "modes", "commentary")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time that the probes read, in seconds."""
    now = [100.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def trainer() -> Trainer:
    return Trainer(Experiment.of(data="ring", g_width=16, d_width=16, batch_size=16, lr_g=0.01, device="cpu"))


def test_they_are_asked_once_a_second_and_at_rest_always(trainer: Trainer, clock: list[float]) -> None:
    probes = Probes(trainer, History())
    first = probes.answer(SEEN, moving=True)
    trainer.step()
    clock[0] += SECONDS / 2
    second = probes.answer(SEEN, moving=True)
    assert second["modes"] is first["modes"] and second["commentary"] is first["commentary"]
    assert (second["plane"]["fake"] != first["plane"]["fake"]).any(), "what is cheap moves with every frame"
    at_rest = probes.answer(SEEN)
    assert at_rest["modes"] is not first["modes"]
    clock[0] += SECONDS * 1.1
    assert probes.answer(SEEN, moving=True)["modes"] is not at_rest["modes"]


def test_one_that_is_new_is_measured_together_with_the_others(trainer: Trainer, clock: list[float]) -> None:
    probes = Probes(trainer, History())
    alone = probes.answer(["commentary"], moving=True)
    trainer.step()
    clock[0] += SECONDS / 2
    both = probes.answer(SEEN, moving=True)
    assert both["commentary"] is not alone["commentary"]
    log = probes.book.logs["coverage"].rows()
    assert log[-1][0] == 1, "the modes are those of this iteration, which the sentence names, too"
