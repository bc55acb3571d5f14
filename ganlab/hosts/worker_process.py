"""A worker as the server sees it: started, written to, listened to, and found out when it ends."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import ganlab
from ganlab.hosts import messages as m
from ganlab.hosts.black_box import LENGTH, read_black_box
from ganlab.hosts.channel import Outbox, read

logger = logging.getLogger(__name__)

KINDNESS = 10  # of workers towards the server: pages come first
END_SECONDS = 20.0  # that a worker may take to hand over what is still to be saved
LONGEST_TICK = 1.0  # seconds of silence that one look counts at most: the server itself may have been stopped meanwhile

Received = Callable[["WorkerProcess", m.Message], None]
Ended = Callable[["WorkerProcess"], None]


class WorkerProcess:
    """A process that trains runs; see `ganlab.hosts.worker`.

    It is started as a command, not through `multiprocessing`, whose child runs the main module of its parent: of a
    Streamlit server that is whatever page was shown last.

    Attributes:
        number: of the worker, for people.
        is_ready: whether it has imported all that it needs.
        box: the file that names the run that it is at work on.
        silence: seconds since it was last heard of; working: seconds for which it has been at one piece of work.
        at_work_on: once it has ended, the id of the run that it was at work on.
        status: once it has ended, how: see `subprocess.Popen.returncode`.
    """

    def __init__(self, number: int, received: Received, ended: Ended, *, shared: bool, delay: float = 0.0) -> None:
        """Both functions are called on a thread of this worker.

        Args:
            received: with each message that comes from it, and with this worker.
            ended: with this worker, when it has ended and all its messages were received.
            shared: people who don't know of each other use the server.
            delay: seconds after which it is started.
        """
        self.number = number
        self.is_ready = False
        self.silence = self.working = 0.0
        self.at_work_on: str | None = None
        self.status: int | None = None
        self._received, self._ended = received, ended
        self._shared = shared
        handle, name = tempfile.mkstemp(prefix="ganlab-worker-")
        os.write(handle, bytes(LENGTH))
        os.close(handle)
        self.box = Path(name)
        self._looked_at = time.monotonic()
        self._early: list[m.Message] = []
        self._lock = threading.Lock()
        self._outbox: Outbox | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._cancelled = threading.Event()
        self._thread = threading.Thread(target=self._live, args=(delay,), name=f"ganlab-worker-{number}", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """The process's id; None before it is started."""
        return None if self._process is None else self._process.pid

    def put(self, message: m.Message) -> None:
        """Send it a message. Returns at once, from any thread."""
        with self._lock:
            if self._outbox is None:
                self._early.append(message)
            else:
                self._outbox.put(message)

    def look(self) -> None:
        """Count the silence since the last look."""
        now = time.monotonic()
        self.silence += min(now - self._looked_at, LONGEST_TICK)
        self._looked_at = now

    def kill(self) -> None:
        """End it at once."""
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        """Let it hand over what is still to be saved, and end; one that is not ready yet has nothing."""
        self._cancelled.set()
        self.put(m.Close())
        if not self.is_ready:
            self.kill()

    def join(self) -> None:
        """Wait until it has ended; if it takes too long, end it."""
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
            self.box.unlink(missing_ok=True)
            self._ended(self)

    def _run(self) -> None:
        process = self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        with self._lock:
            self._process, self._outbox = process, Outbox(process.stdin)
            for message in self._early:
                self._outbox.put(message)
        if self._cancelled.is_set():  # it was closed in the meantime
            process.kill()
        self._outbox.begin()
        self._looked_at = time.monotonic()
        self._listen(process)
        self._outbox.close()
        self.status = process.wait()
        self.at_work_on = read_black_box(self.box) if self.box.exists() else None

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        """Receive its messages until its end of the pipe is closed; one that says what it should not is ended."""
        assert process.stdout is not None
        try:
            while (message := read(process.stdout)) is not None:
                self.silence = 0.0
                if isinstance(message, m.Heartbeat):
                    self.working = message.working
                    continue
                self.is_ready |= isinstance(message, m.Ready)
                try:
                    self._received(self, message)
                except Exception:
                    logger.exception("A message of worker %d could not be used", self.number)
        except m.NotAMessage:
            logger.exception("Worker %d sends what is no message", self.number)
        process.kill()
        process.stdout.close()

    def _started(self) -> subprocess.Popen[bytes]:
        home = str(Path(ganlab.__file__).parents[1])
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))}
        sharing = "shared" if self._shared else "alone"
        command = [sys.executable, "-P", "-m", "ganlab.hosts", str(self.box), str(KINDNESS), sharing]
        apart: dict[str, object] = {"start_new_session": True}  # Ctrl+C ends the server, which ends its workers
        if sys.platform == "win32":
            flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.BELOW_NORMAL_PRIORITY_CLASS
            apart = {"creationflags": flags}
        pipe = subprocess.PIPE
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment, **apart)  # type: ignore[call-overload, no-any-return]
