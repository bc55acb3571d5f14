"""Runs whose worker ended where nobody could see at which of them it was at work: the next one says so beforehand."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from ganlab.hosts import messages as m
from ganlab.hosts.black_box import LENGTH, BlackBox
from ganlab.hosts.channel import Outbox, read_encoded
from ganlab.hosts.cluster.cluster_worker import ClusterWorker
from ganlab.hosts.cluster.messages import FromWorker, Gone, ToWorker
from ganlab.hosts.pool import Pool
from ganlab.hosts.worker import Worker
from ganlab.hosts.worker_run import WorkerRun
from ganlab.runs import Run, State
from ganlab.runs.audience import Nobody
from tests.hosts.stage import SMALL, trained_to, until

POISON = 13  # the seed of a run whose fifth iteration takes worker and machine away


class Machine:
    """In place of a gateway, an actor and the worker's process: all of them in this one."""

    def __init__(self, folder: Path, number: int) -> None:
        self.orders: Queue[Any] = Queue()
        reading, writing = os.pipe()
        (box := folder / str(number)).write_bytes(bytes(LENGTH))
        self._number, self._reading = number, os.fdopen(reading, "rb")
        self._outbox = Outbox(os.fdopen(writing, "wb"))
        self._worker = Worker(self._outbox, BlackBox(box), shared=False)
        self._outbox.put(m.Ready())

    def begin(self, handle: ClusterWorker) -> None:
        self._handle = handle
        self._outbox.begin()
        self._worker.begin()
        for work in (self._obey, self._listen):
            threading.Thread(target=work, daemon=True).start()

    def end(self, status: int | None) -> None:
        self._handle.hear_from(Gone(worker=self._number, status=status, at_work_on=None, because="told so"))
        self._outbox.close()

    def _obey(self) -> None:
        while True:
            order = self.orders.get()
            order = order() if callable(order) else order
            if isinstance(order, ToWorker):
                told = m.decode(order.message)
                if isinstance(told, m.Close):
                    self._worker.close()
                    self.end(status=0)
                    return
                self._worker.take(told)

    def _listen(self) -> None:
        while (data := read_encoded(self._reading)) is not None:
            self._handle.hear_from(FromWorker(worker=self._number, messages=[data]))


class Machines(Pool):
    """A pool of one worker."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.machines: list[Machine] = []
        super().__init__(1, Nobody(), lambda *_: None)

    def _hire(self, number: int, delay: float) -> ClusterWorker:
        self.machines.append(machine := Machine(self._folder, number))
        handle = ClusterWorker(number, self._received, self._ended, machine.orders.put, shared=False, delay=delay)
        machine.begin(handle)
        return handle


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Iterator[Machines]:
    step = WorkerRun._step

    def fatal_step(run: WorkerRun) -> None:
        if run.initial_experiment.seed == POISON and run.iteration == 4:
            made.machines[-1].end(status=None)
            raise SystemExit  # which ends the thread that trains there
        step(run)

    monkeypatch.setattr(WorkerRun, "_step", fatal_step)
    with caplog.at_level(logging.CRITICAL):
        made = Machines(tmp_path)
        yield made
        made.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # they end by an exception
def test_a_run_that_takes_machines_away_is_set_aside_and_those_beside_it_are_not(pool: Machines) -> None:
    poison, innocent = pool.begin(SMALL.changed(seed=POISON)), pool.begin(SMALL)

    def lose_a_machine() -> None:
        lost = pool.workers[0]
        for run in (poison, innocent):
            run.play()
        until(lambda: pool.workers[0] is not lost and not at_work(poison) and not at_work(innocent))

    lose_a_machine()
    assert poison.state is innocent.state is State.PAUSED  # it may have been either
    lose_a_machine()
    assert poison.state is innocent.state is State.PAUSED
    lose_a_machine()
    assert (poison.state, innocent.state) == (State.FAILED, State.PAUSED)
    assert poison.message is not None
    assert poison.message.startswith("This run is set aside: the process that trained it has ended 2 times")
    trained_to(innocent, innocent.iteration + 20)


def at_work(run: Run) -> bool:
    return run.state is State.RUNNING
