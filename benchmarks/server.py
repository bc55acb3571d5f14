"""The real app on a free port, untouched by the settings of the person who runs the benchmarks."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
START_SECONDS = 300  # ten times what it takes a busy machine


@dataclass(frozen=True)
class Server:
    """A running app, and the file into which it prints."""

    address: str
    process: psutil.Process
    log: Path

    def memory_mb(self) -> float:
        """The memory that the server's process holds (RSS)."""
        return float(self.process.memory_info().rss / 1e6)


@contextmanager
def serving(*arguments: str, **variables: str) -> Iterator[Server]:
    """Start the app as `ganlab` does with these arguments and variables of the environment, and stop it afterwards.

    Raises:
        RuntimeError: it did not start; the message ends with what it printed.
    """
    with tempfile.TemporaryDirectory(prefix="ganlab-bench-") as home:
        log = Path(home) / "server.log"
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("STREAMLIT_", "GOMP_"))
        }
        port = free_port()
        with log.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", "ganlab", "--port", str(port), "--no-browser", *arguments],
                cwd=ROOT,
                env=environment | {"HOME": home, "USERPROFILE": home} | variables,
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        try:
            address = f"http://127.0.0.1:{port}"
            _await_health(address, process, log)
            yield Server(address, psutil.Process(process.pid), log)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def free_port() -> int:
    """A port that nothing listens to."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _await_health(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=5).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"the app did not start:\n{log.read_text(errors='replace')[-4000:]}")
