"""Runs trained by worker processes on this machine."""

from __future__ import annotations

from ganlab.hosts.pool import Pool
from ganlab.hosts.worker_process import WorkerProcess


class Processes(Pool):
    """A pool of processes beside the server."""

    def _hire(self, number: int, delay: float) -> WorkerProcess:
        return WorkerProcess(number, self._received, self._ended, shared=self._shared, delay=delay)
