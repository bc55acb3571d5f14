"""Runs trained by workers in a Ray cluster."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable

from ganlab.experiment.sentence import Sentence
from ganlab.hosts import messages as m
from ganlab.hosts.choice import MOST_WORKERS
from ganlab.hosts.cluster.cluster_worker import ClusterWorker
from ganlab.hosts.cluster.gateway_process import GatewayProcess
from ganlab.hosts.cluster.messages import FromWorker, Gone, NotJoined, Offer, Started
from ganlab.hosts.pool import FIRST_DELAY, LONGEST_SILENCE, TRY_AGAIN, Pool
from ganlab.hosts.worker_handle import WorkerHandle
from ganlab.runs.audience import Audience
from ganlab.runs.keeping.keeper import Keeper

logger = logging.getLogger(__name__)

JOIN_SECONDS = 60.0  # that a run waits, at most, until it is known whether there is a cluster
LAST_DELAY = 15.0  # seconds between two attempts to join a cluster
NO_ROOM = (
    "The Ray cluster ({address}) has no room for a worker: processors that each worker needs on one machine: {cpus}."
)
JOINED = "Runs train in the Ray cluster ({address}): {workers} workers, on {nodes} machines."
LOST = "The Ray cluster ({address}) has gone away."
AGAIN = "GanLab tries to join it again and again; press Train when it is there."


class Cluster(Pool):
    """A pool of workers in a cluster: as many as have room there, and more or fewer as nodes come and go.

    While there is no cluster, runs hold still and say why, and everything else goes on.
    """

    def __init__(
        self,
        address: str,
        audience: Audience,
        pass_on: Callable[[str, bytes], None],
        keeper: Keeper | None = None,
        *,
        workers: int = 0,
        cpus: int = 1,
        shared: bool = False,
        say: Callable[[str], None] = logger.info,
    ) -> None:
        """
        Args:
            address: HOST:PORT of a cluster; or "auto": start one on this machine.
            workers: how many there are to be at most; 0: as many as have room.
            cpus: processors for each worker.
            say: is told in sentences when the cluster is joined or lost.
        """
        self.address = address
        self._cpus = cpus
        self._most, self._say = workers or MOST_WORKERS, say
        self._room = workers or max(1, (os.cpu_count() or 1) // cpus)  # in a cluster that it starts
        self._said: str | None = None
        self._settled = threading.Event()  # it is known whether there is a cluster
        self._gateway: GatewayProcess | None = None
        self._attempts = 0
        self._due = 0.0  # when to try to join (`time.monotonic`)
        super().__init__(0, audience, pass_on, keeper, shared=shared)
        self._open()

    def place(self, seat: int | None) -> WorkerHandle:
        self._settled.wait(JOIN_SECONDS)
        return super().place(seat)

    def _hire(self, number: int, delay: float) -> ClusterWorker:
        assert self._gateway is not None
        return ClusterWorker(number, self._received, self._ended, self._gateway.put, shared=self._shared, delay=delay)

    def _why_none(self) -> tuple[str, str]:
        if self.trouble is not None:
            return self.trouble, AGAIN
        return Sentence(NO_ROOM, address=self.address, cpus=self._cpus), TRY_AGAIN

    def _leave(self) -> None:
        self._settled.set()
        if self._gateway is not None:
            if self._attempts:  # it is still about to join, and listens to nobody
                self._gateway.kill()
            self._gateway.close()

    # The gateway

    def _open(self) -> None:
        self._attempts += 1
        try:
            self._gateway = GatewayProcess(self.address, self._room, self._cpus, self._told, self._lost)
        except OSError as error:
            logger.exception("The gateway to the cluster could not be started")
            self._fail(str(error))

    def _told(self, message: m.Message) -> None:
        match message:
            case Offer():
                self._attempts = 0
                self.trouble = message.trouble
                workers = min(message.workers, self._most)
                self._want(workers)
                self._settled.set()
                self._tell(message.trouble)
                self._tell(Sentence(JOINED, address=self.address, workers=workers, nodes=message.nodes))
            case NotJoined():
                self.trouble = Sentence("{happened} {advice}", happened=message.happened, advice=message.advice)
            case Started() | FromWorker() | Gone():
                if (worker := self._worker(message.worker)) is not None:
                    worker.hear_from(message)

    def _worker(self, number: int) -> ClusterWorker | None:
        found = next((worker for worker in self.workers if worker.number == number), None)
        assert found is None or isinstance(found, ClusterWorker)
        return found

    def _lost(self) -> None:
        """The gateway has ended: there is no cluster, or there is none any more."""
        if self._closing.is_set():
            for worker in self.workers:
                assert isinstance(worker, ClusterWorker)
                worker.end(None)
            return
        joined = self._attempts == 0
        self._fail(Sentence(LOST, address=self.address) if joined or self.trouble is None else self.trouble)
        self._want(0)
        for worker in self.workers:
            assert isinstance(worker, ClusterWorker)
            worker.end(None)

    def _fail(self, happened: str) -> None:
        self.trouble = happened
        self._tell(happened)
        self._gateway, self._due = None, time.monotonic() + min(FIRST_DELAY * 2**self._attempts, LAST_DELAY)
        self._settled.set()

    def _tell(self, sentence: str | None) -> None:
        if sentence is not None and sentence != self._said:
            self._said = sentence
            self._say(sentence)

    def _look(self) -> None:
        if self._gateway is None:
            if self._settled.is_set() and time.monotonic() >= self._due:
                self._open()
            return
        self._gateway.look()
        if self._gateway.silence > LONGEST_SILENCE:
            logger.warning("The gateway to the cluster has not answered for long, and is replaced")
            self._gateway.kill()
