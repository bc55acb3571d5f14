"""A Lab on each kind of host, with an audience that says what it looks at and keeps what it is shown."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch

from ganlab.experiment import Experiment
from ganlab.hosts.cluster.host import Cluster
from ganlab.hosts.pool import Pool
from ganlab.hosts.processes import Processes
from ganlab.live.frames import encode
from ganlab.live.wire import lighten
from ganlab.runs import Checkpoint, Lab, Run, RunRecord, State, TrialRun
from ganlab.runs.keeping.keeper import Keeper
from ganlab.runs.keeping.store import Store
from ganlab.runs.trainee import Rest
from ganlab.runs.trials.comparison import Looks
from ganlab.runs.trials.trial_run import TrialMoment
from ganlab.training.checkpoint import state_of
from ganlab.training.trainer import Trainer
from tests.live.decoding import decode
from tests.patience import PATIENCE

SMALL = Experiment.of(g_width=8, d_width=8, batch_size=16, latent_dim=2, device="cpu", ema_decay=0.9)
DIGITS = SMALL.changed(data="digits", generator="dcgan", discriminator="dcgan", g_channels=4, d_channels=4)

Kind = Literal["thread", "processes", "cluster"]


def until(condition: Callable[[], bool]) -> None:
    deadline, tick = time.monotonic() + PATIENCE, threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        tick.wait(0.005)


class Viewer:
    """Looks at some views of some runs.

    Attributes:
        views: by the run's id.
        seen: the frames of each run, decoded.
    """

    def __init__(self) -> None:
        self.views: dict[str, frozenset[str]] = {}
        self.seen: dict[str, list[dict[str, Any]]] = {}

    def watched(self, run_id: str) -> frozenset[str]:
        return self.views.get(run_id, frozenset())

    def present(self, _: str) -> bool:
        return True

    def publish(self, run_id: str, snapshot: Mapping[str, Any]) -> None:
        self.take(run_id, encode(lighten(snapshot)))

    def take(self, run_id: str, frame: bytes) -> None:
        self.seen.setdefault(run_id, []).append(decode(frame))

    def forget(self, run_id: str) -> None:
        self.views.pop(run_id, None)


class Stage:
    """A Lab whose runs a host trains, and all that is around it."""

    def __init__(self, kind: Kind, folder: Path, workers: int = 2, address: str = "") -> None:
        self.kind = kind
        self.viewer = Viewer()
        self.store = Store(folder)
        keeper = Keeper(self.store)
        self.host: Pool | None = None
        if kind == "processes":
            self.host = Processes(workers, self.viewer, self.viewer.take, keeper)
        elif kind == "cluster":
            self.host = Cluster(address, self.viewer, self.viewer.take, keeper)
        self.lab = Lab(self.viewer, keeper=keeper, host=self.host)

    def look(self, run: Run, *views: str) -> None:
        """Look at these views of a run from now on."""
        self.viewer.views[run.id] = frozenset(views)
        self.lab.refresh(run.id)

    def frames(self, run: Run) -> list[dict[str, Any]]:
        return self.viewer.seen.get(run.id, [])


def trained_to(run: Run, iteration: int) -> Run:
    """Train until exactly this iteration, and hold still there."""
    run.play(Rest(iteration, "here"))
    until(lambda: run.state != "running" and run.iteration == iteration)
    return run


def record_of(run: Run) -> RunRecord:
    return run.record().result(PATIENCE)


def assert_same_bits(record: RunRecord, trainer: Trainer) -> None:
    """The run is in the state of this trainer, in every tensor, every source of chance and the place in the data."""
    assert record.checkpoint is not None
    tensors, plain = state_of(trainer)
    assert tensors.keys() == record.checkpoint.tensors.keys()
    different = [name for name, value in tensors.items() if not torch.equal(value, record.checkpoint.tensors[name])]
    assert not different
    assert {**plain, "experiment": None} == {**record.checkpoint.plain, "experiment": None}


def tried_here(moment: RunRecord, experiment: Experiment, iterations: int) -> TrialRun:
    """A trial of this experiment from this moment, without any host."""
    begun: Future[Checkpoint] = Future()
    begun.set_result(moment.checkpoint)
    run = TrialRun(experiment)
    run.go_on_at(TrialMoment(moment.id, begun))
    run.train_to(iterations)
    while run.state is State.RUNNING:
        run.obey()
        run.turn(1.0)
    return run


def assert_same_looks(looks: Looks, expected: Looks) -> None:
    """The same was counted at the same iterations."""
    assert looks.keys() == expected.keys()
    for at, look in expected.items():
        np.testing.assert_array_equal(looks[at].modes, look.modes)
        np.testing.assert_array_equal(looks[at].good, look.good)
