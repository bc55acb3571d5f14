"""The real app in a process of its own, as `ganlab` starts it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.patience import PATIENCE

ROOT = Path(__file__).parents[1]
START = "from ganlab.command.cli import main; main()"


@dataclass
class Server:
    address: str
    log: Path
    pid: int = 0

    def tracebacks(self) -> str:
        """What the server complained about so far."""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return text if "Traceback" in text or "Error" in text else ""


@contextmanager
def serving(
    log: Path, *arguments: str, first: str = "", path: str = "", host: str = "127.0.0.1", **environment: str
) -> Iterator[Server]:
    """Start the app, wait until it answers, and stop it afterwards.

    Args:
        log: the file for what it prints.
        arguments: of the command `ganlab`.
        first: Python that the process runs before the app.
        path, host: where it is to be found, when the settings say so.
    """
    port = free_port()
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-c", f"{first}\n{START}", "--port", str(port), "--no-browser", *arguments],
            stdout=file,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env=os.environ | environment,
        )
    try:
        running = Server(f"http://{host}:{port}{path}", log, process.pid)
        _wait_until_healthy(running, process)
        yield running
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """A port that nothing listens to."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_until_healthy(server: Server, process: subprocess.Popen[bytes]) -> None:
    deadline, pause = time.monotonic() + PATIENCE, threading.Event()
    while True:
        try:
            urllib.request.urlopen(f"{server.address}/_stcore/health", timeout=5).close()
            return
        except OSError:
            assert process.poll() is None, f"the server ended:\n{server.log.read_text()}"
            assert time.monotonic() < deadline, f"the server did not start:\n{server.log.read_text()}"
            pause.wait(0.1)
