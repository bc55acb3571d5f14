"""What a server and its workers take of the machine while something is measured."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from statistics import median

import psutil

READ_EVERY = 2.0  # seconds between two readings
FIELDS = ("server_mb", "workers_mb", "server_cores", "workers_cores", "load_cores", "other_cores")


class Readings:
    """What a server takes of the machine, read every two seconds from `begin` to `end`.

    Attributes:
        rows: the seconds since the beginning; RSS of the server and of all its workers together, in MB; processor
            seconds a second of both, of the process that plays the class, and of all else on the machine.
    """

    def __init__(self, server: psutil.Process) -> None:
        self.rows: list[dict[str, float]] = []
        self._server, self._done = server, threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)

    def begin(self) -> None:
        """Read on, on a thread."""
        self._thread.start()

    def spent(self) -> tuple[float, float]:
        """Processor seconds of the server and of its workers so far."""
        return _seconds([self._server]), _seconds(workers())

    def end(self) -> None:
        """Read no more."""
        self._done.set()
        if self._thread.is_alive():
            self._thread.join()

    def at(self, seconds: float) -> dict[str, float]:
        """The first reading after so many seconds, or else the last."""
        return next((row for row in self.rows if row["seconds"] >= seconds), self.rows[-1])

    def typical(self, name: str) -> float:
        """The median of one of the readings."""
        return median(row[name] for row in self.rows)

    def _read(self) -> None:
        started = at = time.perf_counter()
        before = self._taken()
        while not self._done.wait(READ_EVERY):
            now, passed = self._taken(), time.perf_counter() - at
            at += passed
            cores = [(new - old) / passed for new, old in zip(now, before, strict=True)]
            cores[3] = max(0.0, cores[3] - sum(cores[:3]))
            before = now
            memory = [self._server.memory_info().rss, sum(each.memory_info().rss for each in workers())]
            values = [*(each / 1e6 for each in memory), *cores]
            self.rows.append({"seconds": at - started} | dict(zip(FIELDS, values, strict=True)))

    def _taken(self) -> list[float]:
        """Processor seconds so far of the server, its workers, this process, and the whole machine."""
        machine = psutil.cpu_times()
        idle = machine.idle + getattr(machine, "iowait", 0.0)
        return [*self.spent(), time.process_time(), sum(machine[:8]) - idle]


def workers() -> list[psutil.Process]:
    """The processes that train for a server that this process has started, in a cluster that it has started, too."""
    return [each for each in psutil.Process().children(recursive=True) if "ganlab.hosts" in _command(each)]


def _command(process: psutil.Process) -> list[str]:
    with suppress(psutil.Error):  # it has just ended
        return process.cmdline()
    return []


def _seconds(processes: list[psutil.Process]) -> float:
    return sum(sum(each.cpu_times()[:2]) for each in processes)
