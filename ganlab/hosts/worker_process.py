"""A worker on this machine, at the other end of two pipes."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path

import ganlab
from ganlab.hosts import messages as m
from ganlab.hosts.black_box import LENGTH, read_black_box
from ganlab.hosts.channel import Outbox, read
from ganlab.hosts.worker_handle import END_SECONDS, KINDNESS, Ended, Received, WorkerHandle

logger = logging.getLogger(__name__)


class WorkerProcess(WorkerHandle):
    """A worker that is a child of this process.

    Attributes:
        box: the file that names the run that it is at work on; None before it is started.
    """

    def __init__(self, number: int, received: Received, ended: Ended, *, shared: bool, delay: float = 0.0) -> None:
        """
        Args:
            shared: people who don't know of each other use the server.
            delay: seconds after which it is started.
        """
        super().__init__(number, received, ended)
        self._shared = shared
        self.box: Path | None = None
        self._early: list[m.Message] = []
        self._lock = threading.Lock()
        self._outbox: Outbox | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._cancelled = threading.Event()
        self._thread = threading.Thread(target=self._live, args=(delay,), name=f"ganlab-worker-{number}", daemon=True)
        self._thread.start()

    def put(self, message: m.Message) -> None:
        with self._lock:
            if self._outbox is None:
                self._early.append(message)
            else:
                self._outbox.put(message)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        self._cancelled.set()
        self.put(m.Close())
        if not self.is_ready:
            self.kill()

    def join(self) -> None:
        self._thread.join(END_SECONDS)
        if self._thread.is_alive():
            self.kill()
            self._thread.join(END_SECONDS)

    # Its thread

    def _live(self, delay: float) -> None:
        try:
            if not self._cancelled.wait(delay):
                self._run()
        except OSError:
            logger.exception("Worker %d could not be started", self.number)
        finally:
            if self.box is not None:
                self.box.unlink(missing_ok=True)
            self._ended(self)

    def _run(self) -> None:
        self.box = box = new_box()
        process = start_worker(box, shared=self._shared)
        assert process.stdin is not None
        with self._lock:
            self.pid, self._process, self._outbox = process.pid, process, Outbox(process.stdin)
            for message in self._early:
                self._outbox.put(message)
        if self._cancelled.is_set():  # it was closed in the meantime
            process.kill()
        self._outbox.begin()
        self._looked_at = time.monotonic()
        self._listen(process)
        self._outbox.close()
        self.status = process.wait()
        self.at_work_on = read_black_box(box) if box.exists() else None

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        """Receive its messages until its end of the pipe is closed; one that says what it should not is ended."""
        assert process.stdout is not None
        try:
            while (message := read(process.stdout)) is not None:
                self._hear(message)
        except m.NotAMessage:
            logger.exception("Worker %d sends what is no message", self.number)
        process.kill()
        process.stdout.close()


def new_box() -> Path:
    """A file for the name of the run that a worker is at work on."""
    handle, name = tempfile.mkstemp(prefix="ganlab-worker-")
    os.write(handle, bytes(LENGTH))
    os.close(handle)
    return Path(name)


def start_worker(box: Path, *, shared: bool) -> subprocess.Popen[bytes]:
    """A process that trains runs: it reads messages and writes others.

    It is a command, not one of `multiprocessing`, whose child runs the main module of its parent: of a Streamlit server
    that is whatever page was shown last.
    """
    return start_module("ganlab.hosts", str(box), str(KINDNESS), "shared" if shared else "alone", is_kind=True)


def start_module(
    module: str, *arguments: str, is_kind: bool = False, settings: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Run a module of GanLab as a process with pipes, which Ctrl+C does not reach: it is to end when its pipe does.

    It has a process group of its own, in the server's session: Linux weighs niceness only within a session, and gives
    each session the same share of time (sched(7), "The autogroup feature").

    Args:
        is_kind: lets others go first, where that has to be said from outside (Windows).
        settings: environment variables to add.
    """
    home = str(Path(ganlab.__file__).parents[1])
    paths = {"PYTHONPATH": os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))}
    command = [sys.executable, "-P", "-m", module, *arguments]
    apart: dict[str, object] = {"process_group": 0}
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | (subprocess.BELOW_NORMAL_PRIORITY_CLASS if is_kind else 0)
        apart = {"creationflags": flags}
    environment, pipe = os.environ | paths | dict(settings or {}), subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment, **apart)  # type: ignore[call-overload, no-any-return]
