"""A pool whose workers end at the worst moments."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

import pytest

from ganlab.hosts import messages as m
from ganlab.hosts.mirrored_run import BEGUN_AGAIN
from ganlab.hosts.pool import Pool
from ganlab.hosts.worker_handle import WorkerHandle
from ganlab.runs import State
from ganlab.runs.audience import Nobody
from tests.hosts.stage import SMALL, until


class Silent(WorkerHandle):
    """A worker that does nothing."""

    def put(self, message: m.Message) -> None:
        pass

    def kill(self) -> None:
        pass

    def close(self) -> None:
        pass

    def join(self) -> None:
        pass


class Unlucky(Pool):
    """A pool of one worker.

    Attributes:
        at_birth: the first worker ends before the pool has it.
        at_arrival: the first worker ends when a run is about to come to it.
    """

    def __init__(self, *, at_birth: bool = False, at_arrival: bool = False) -> None:
        self.at_birth, self.at_arrival = at_birth, at_arrival
        self.visits = 0
        super().__init__(1, Nobody(), lambda *_: None)

    def _hire(self, number: int, delay: float) -> WorkerHandle:
        worker = Silent(number, self._received, self._ended)
        if self.at_birth and number == 1:
            end = threading.Thread(target=self._ended, args=(worker,))
            end.start()
            end.join(0.1)  # it either waits for the pool to have its workers, or finds none
        return worker

    def place(self, seat: int | None) -> WorkerHandle:
        worker = super().place(seat)
        self.visits += 1
        if self.at_arrival and self.visits == 2:  # a run asks twice: before it reads its files, and after
            self._ended(worker)
        return worker


@pytest.fixture(autouse=True)
def _silence(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level(logging.CRITICAL):
        yield


def test_a_worker_that_ends_before_the_pool_has_it_is_replaced() -> None:
    pool = Unlucky(at_birth=True)
    until(lambda: [worker.number for worker in pool.workers] == [2])
    pool.close()


def test_a_run_that_comes_to_a_worker_at_the_moment_of_its_end_comes_back() -> None:
    pool = Unlucky(at_arrival=True)
    run = pool.begin(SMALL)
    run.play()
    until(lambda: run.state is State.PAUSED)
    assert (run.message, run.worker) == (BEGUN_AGAIN, None)
    pool.close()
