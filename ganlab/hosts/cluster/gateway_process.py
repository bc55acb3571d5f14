"""The gateway as the server sees it: a process that carries messages to and from workers in a cluster."""

from __future__ import annotations

import logging
import subprocess
import threading
import time
from collections.abc import Callable

from ganlab.hosts import messages as m
from ganlab.hosts.channel import Late, Outbox, read
from ganlab.hosts.cluster.joining import settings
from ganlab.hosts.worker_handle import LONGEST_TICK
from ganlab.hosts.worker_process import start_module

logger = logging.getLogger(__name__)

END_SECONDS = 20.0  # that it may take to leave the cluster


class GatewayProcess:
    """A child of this process that has joined a cluster; see `ganlab.hosts.cluster.gateway`.

    Attributes:
        silence: seconds since it was last heard of.
    """

    def __init__(
        self,
        address: str,
        workers: int,
        cpus: int,
        received: Callable[[m.Message], None],
        ended: Callable[[], None],
    ) -> None:
        """
        Args:
            address, workers, cpus: see `ganlab.hosts.cluster.__main__`.
            received: called on another thread with each message that comes from it.
            ended: called on that thread when it has ended.
        """
        self.silence = 0.0
        self._looked_at = time.monotonic()
        self._received, self._ended = received, ended
        self._process = start_module(
            "ganlab.hosts.cluster", address, str(workers), str(cpus), settings=settings(address)
        )
        assert self._process.stdin is not None
        self._outbox = Outbox(self._process.stdin)
        self._outbox.begin()
        self._thread = threading.Thread(target=self._listen, name="ganlab-gateway", daemon=True)
        self._thread.start()

    def put(self, message: m.Message | Late) -> None:
        """Send it a message. Returns at once, from any thread."""
        self._outbox.put(message)

    def look(self) -> None:
        """Count the silence since the last look."""
        now = time.monotonic()
        self.silence += min(now - self._looked_at, LONGEST_TICK)
        self._looked_at = now

    def kill(self) -> None:
        """End it at once, and with it all of its workers."""
        self._process.kill()

    def close(self) -> None:
        """Let it leave the cluster, and wait until it has."""
        self._outbox.close()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._thread.join()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        try:
            while (message := read(self._process.stdout)) is not None:
                self.silence = 0.0
                if not isinstance(message, m.Heartbeat):
                    self._received(message)
        except m.NotAMessage:
            logger.exception("The gateway to the cluster sends what is no message")
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()
        self._ended()
