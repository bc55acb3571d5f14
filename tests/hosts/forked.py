"""Workers that start in half a second, for tests that end very many: forked from a process that has imported torch."""

from __future__ import annotations

import os
from functools import cache
from multiprocessing import get_context
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any

import psutil

from ganlab.hosts.worker_handle import KINDNESS


@cache
def _forks() -> Any:
    """There is no such thing on Windows."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["ganlab.hosts.worker_main"])
    return context


class ForkedWorker:
    """What `start_worker` returns, as far as a `WorkerProcess` uses it: a process with two pipes."""

    def __init__(self, box: Path, *, shared: bool, save_seconds: float = 0.5, memory: int = 0) -> None:
        """
        Args:
            save_seconds: between two copies of a run that trains.
            memory: bytes that it may take beyond those that it begins with; 0: as many as there are.
        """
        (its_in, own_out), (own_in, its_out) = Pipe(duplex=False), Pipe(duplex=False)
        work = (its_in, its_out, str(box), shared, save_seconds, memory)
        self._process = _forks().Process(target=_be_a_worker, args=work, daemon=True)
        self._process.start()
        its_in.close()
        its_out.close()
        self.stdin, self.stdout = os.fdopen(os.dup(own_out.fileno()), "wb"), os.fdopen(os.dup(own_in.fileno()), "rb")
        own_out.close()
        own_in.close()
        self.pid: int = self._process.pid

    def kill(self) -> None:
        self._process.kill()

    def wait(self) -> int:
        self._process.join()
        return int(self._process.exitcode)


def _be_a_worker(
    incoming: Connection, outgoing: Connection, box: str, shared: bool, save_seconds: float, memory: int
) -> None:
    from ganlab.hosts.worker_main import main

    if memory:
        import resource

        limit = psutil.Process().memory_info().data + memory
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    os.dup2(incoming.fileno(), 0)
    os.dup2(outgoing.fileno(), 1)
    incoming.close()
    outgoing.close()
    main(box, KINDNESS, shared=shared, save_seconds=save_seconds)
