"""Passes frames from the training thread to the viewers' sockets. Neither waits for the other."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable


class Viewer:
    """One open socket: the views it wants, and room for the newest frame that it has not sent yet.

    Every frame is a whole picture, so a viewer that is slow misses some and nobody waits for it.
    """

    def __init__(self, run_id: str, loop: asyncio.AbstractEventLoop) -> None:
        self.run_id = run_id
        self.views: frozenset[str] = frozenset()
        self._loop = loop
        self._lock = threading.Lock()
        self._slot: bytes | None = None
        self._filled = asyncio.Event()
        self._ended = False

    def offer(self, frame: bytes) -> None:
        """Put a frame in the slot, over an unsent one. From any thread."""
        with self._lock:
            wake = self._slot is None
            self._slot = frame
        if wake:
            self._wake()

    def end(self) -> None:
        """No more frames will come: the run is gone. From any thread."""
        self._ended = True
        self._wake()

    async def next(self) -> bytes | None:
        """Wait for the newest frame and return it; None when the run is gone."""
        while True:
            await self._filled.wait()
            self._filled.clear()
            if self._ended:
                self._filled.set()
                return None
            with self._lock:
                frame, self._slot = self._slot, None
            if frame is not None:
                return frame

    def _wake(self) -> None:
        try:
            self._loop.call_soon_threadsafe(self._filled.set)
        except RuntimeError:  # the server is shutting down: its loop is closed, and so is the socket
            return


class Hub:
    """Who watches which run, and the last frame of each. Any thread may call every method except `join`.

    Attributes:
        on_interest: called with the run's id when a viewer says what it wants to see, so that a snapshot
            is made for it even while the run is paused. Runs on the server's event loop: it must return at once.
    """

    def __init__(self, on_interest: Callable[[str], None] = lambda run_id: None) -> None:
        self.on_interest = on_interest
        self._lock = threading.Lock()
        self._viewers: dict[str, set[Viewer]] = {}
        self._last: dict[str, bytes] = {}

    def publish(self, run_id: str, frame: bytes) -> None:
        """Keep the frame as the run's last, and offer it to each viewer that wants to see something."""
        with self._lock:
            self._last[run_id] = frame
            viewers = [viewer for viewer in self._viewers.get(run_id, ()) if viewer.views]
        for viewer in viewers:
            viewer.offer(frame)

    def viewers(self, run_id: str) -> int:
        """How many sockets are open on the run, hidden browser tabs included."""
        with self._lock:
            return len(self._viewers.get(run_id, ()))

    def watched(self, run_id: str) -> frozenset[str]:
        """The views that somebody wants; empty when nobody looks."""
        with self._lock:
            return frozenset().union(*(viewer.views for viewer in self._viewers.get(run_id, ())))

    def forget(self, run_id: str) -> None:
        """Drop the run's last frame and send its viewers away."""
        with self._lock:
            self._last.pop(run_id, None)
            viewers = list(self._viewers.get(run_id, ()))
        for viewer in viewers:
            viewer.end()

    def join(self, run_id: str) -> Viewer:
        """A new viewer on the running event loop, with the last frame (if any) already in its slot."""
        viewer = Viewer(run_id, asyncio.get_running_loop())
        with self._lock:
            self._viewers.setdefault(run_id, set()).add(viewer)
            last = self._last.get(run_id)
        if last is not None:
            viewer.offer(last)
        return viewer

    def want(self, viewer: Viewer, views: frozenset[str]) -> None:
        """Change what a viewer wants to see; nothing, for a hidden tab."""
        with self._lock:
            viewer.views = views
        if views:
            self.on_interest(viewer.run_id)

    def leave(self, viewer: Viewer) -> None:
        """The viewer's socket is closed."""
        with self._lock:
            remaining = self._viewers.get(viewer.run_id, set())
            remaining.discard(viewer)
            if not remaining:
                self._viewers.pop(viewer.run_id, None)
