"""A worker in a cluster, at the other end of the gateway."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from ganlab.hosts import messages as m
from ganlab.hosts.channel import Late
from ganlab.hosts.cluster.messages import Dismiss, FromWorker, Gone, Hire, Started, ToWorker
from ganlab.hosts.worker_handle import END_SECONDS, Ended, Received, WorkerHandle

logger = logging.getLogger(__name__)

SOON_SECONDS = 10.0  # for which nobody worries about an actor that has not started


class ClusterWorker(WorkerHandle):
    """A worker that an actor has started on some node.

    Attributes:
        node: the node's name; actor: the id of the actor's process there. None before it is started.
    """

    def __init__(
        self,
        number: int,
        received: Received,
        ended: Ended,
        send: Callable[[m.Message | Late], None],
        *,
        shared: bool,
        delay: float,
    ) -> None:
        """
        Args:
            send: sends the gateway a message.
            shared: people who don't know of each other use the server.
            delay: seconds after which it is started.
        """
        super().__init__(number, received, ended)
        self._asked_at = time.monotonic()
        self.node: str | None = None
        self.actor: int | None = None
        self._send = send
        self._lock = threading.Lock()
        self._early: list[m.Message] | None = []  # until it is hired
        self._over = threading.Event()
        self._timer = threading.Timer(delay, self._hire, (shared,))
        self._timer.daemon = True
        if delay:
            self._timer.start()
        else:
            self._hire(shared)

    @property
    def has_a_place(self) -> bool:
        return self.node is not None or time.monotonic() - self._asked_at < SOON_SECONDS

    def put(self, message: m.Message) -> None:
        with self._lock:
            if self._early is not None:
                self._early.append(message)
            else:
                self._carry(message)

    def kill(self) -> None:
        self._timer.cancel()
        with self._lock:
            is_hired = self._early is None
        if is_hired:
            self._send(Dismiss(worker=self.number))
        else:
            self.end(None)

    def close(self) -> None:
        self.put(m.Close())
        if not self.is_ready:
            self.kill()

    def join(self) -> None:
        if not self._over.wait(END_SECONDS):
            self.kill()
            self._over.wait(END_SECONDS)

    # What the gateway says of it

    def hear_from(self, message: FromWorker | Started | Gone) -> None:
        """Take in a message about this worker."""
        match message:
            case Started():
                self.pid, self.actor, self.node = message.pid, message.actor, message.node
            case FromWorker():
                try:
                    for each in message.messages:
                        self._hear(m.decode(each))
                except m.NotAMessage:
                    logger.exception("Worker %d on %s sends what is no message", self.number, self.node)
                    self.kill()
            case Gone():
                logger.info("Worker %d on %s is gone: %s", self.number, self.node, message.because)
                self.end(message)

    def end(self, how: Gone | None) -> None:
        """It has ended, or the gateway has."""
        with self._lock:
            if self._over.is_set():
                return
            if how is not None:
                self.status, self.at_work_on = how.status, how.at_work_on
                if self.is_ready and how.status is None:
                    self.at_work_on, self.is_riddle = self.announced, self.announced is None
            self._over.set()
        self._ended(self)

    def _hire(self, shared: bool) -> None:
        with self._lock:
            self._send(Hire(worker=self.number, shared=shared))
            early, self._early = self._early or [], None
            for each in early:
                self._carry(each)

    def _carry(self, message: m.Message) -> None:
        self._send(lambda: ToWorker(worker=self.number, message=m.encode(message)))
