"""A student or a teacher without a browser: what one asks of the server, in one process for all of a class."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from benchmarks.page_socket import PATIENCE, PageSocket

ASK_EVERY = 2.0  # seconds between two questions of a page for what the class is told: see classroom/banner.js
START = 300.0  # seconds that the processes which train may take to begin
_ITERATION = re.compile(rb'"iteration":(\d+)')
_STATE = re.compile(rb'"state":"(\w+)"')
_LOADED = re.compile(r'(?:src|href)="(?:\./)?([^":#]+\.(?:js|css))"')


@dataclass
class Seen:
    """How many frames a viewer got, and the longest time in which none brought another step, in seconds."""

    frames: int = 0
    still: float = 0.0


class LiveSocket:
    """A view of one run.

    Attributes:
        iteration, state: of the newest frame.
        seen: what has come since it was last emptied.
    """

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.iteration, self.state, self.seen = 0, "", Seen()
        self._stepped_at = time.perf_counter()
        self._news = asyncio.Condition()
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def open(cls, address: str, cookie: str, watched: str) -> LiveSocket:
        """Watch the run with this id, or this watch id; nothing of it, at first."""
        place = f"{address.replace('http', 'ws', 1)}/live/{watched}"
        headers = {"Cookie": cookie}
        return cls(await connect(place, origin=Origin(address), additional_headers=headers, proxy=None, max_size=None))

    async def want(self, views: Sequence[str]) -> None:
        """Look at these views; at none, as a hidden tab."""
        await self._socket.send(json.dumps({"views": list(views)}))

    def begin_to_count(self) -> None:
        """Forget what has come so far."""
        self.seen, self._stepped_at = Seen(), time.perf_counter()

    def count(self) -> Seen:
        """What has come since then."""
        self.seen.still = max(self.seen.still, time.perf_counter() - self._stepped_at)
        return self.seen

    async def until(self, state: str) -> None:
        """Wait for a frame in this state."""
        async with asyncio.timeout(PATIENCE), self._news:
            await self._news.wait_for(lambda: self.state == state)

    async def stepped(self) -> None:
        """Wait for a frame of a run that has been trained: the first one waits for all that is built first."""
        async with asyncio.timeout(START), self._news:
            await self._news.wait_for(lambda: self.iteration > 0)

    async def close(self) -> None:
        """Look no longer."""
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        await self._socket.close()

    async def _read(self) -> None:
        async for frame in self._socket:
            assert isinstance(frame, bytes)
            iteration, state = _ITERATION.search(frame), _STATE.search(frame)
            now = time.perf_counter()
            if iteration is not None and int(iteration[1]) != self.iteration:
                self.seen.still = max(self.seen.still, now - self._stepped_at)
                self.iteration, self._stepped_at = int(iteration[1]), now
            self.seen.frames += 1
            async with self._news:
                self.state = state[1].decode() if state is not None else self.state
                self._news.notify_all()


class Person:
    """A member of a class at a browser of their own.

    Attributes:
        cookie: what the server gave to who joined, or to the teacher.
        page, live: the open tab, and its view of a run; only while one is `opened`.
        told: what the class was told last: see /class/me.
    """

    page: PageSocket
    live: LiveSocket

    def __init__(self, address: str, cookie: str = "") -> None:
        """`address`: of the server."""
        self.address, self.cookie, self.opened = address, cookie, False
        self.told: dict[str, object] = {}
        self._asking: asyncio.Task[None] | None = None

    async def join(self, code: str, query: str = "") -> float:
        """Type the code and open the app, there at this query.

        Returns the seconds until the page and all that it loads were there.
        """
        started = time.perf_counter()
        await self.get("class")
        self.cookie = await self.hand_in("class/join", code=code)
        await self.load(query)
        return time.perf_counter() - started

    async def load(self, query: str = "") -> None:
        """Open the page at an address, with all that a browser loads for it."""
        page = (await self.get(f"?{query}", "text/html")).decode()
        for name in dict.fromkeys(_LOADED.findall(page)):
            await self.get(name)
        await self.connect(query)

    async def connect(self, query: str = "") -> None:
        """Connect as a tab does that has loaded the page at this address: at first, or when the server is back."""
        self.page = await PageSocket.open(self.address, self.cookie, query)
        named = parse_qs(self.page.query)
        self.live = await LiveSocket.open(self.address, self.cookie, (named.get("watch") or named["run"])[0])
        self._asking, self.opened = asyncio.create_task(self._keep_asking()), True

    @property
    def run_id(self) -> str:
        """The run that the page's address names."""
        return parse_qs(self.page.query)["run"][0]

    async def leave(self) -> None:
        """Close the tab."""
        assert self._asking is not None
        self._asking.cancel()
        await asyncio.gather(self._asking, return_exceptions=True)
        await self.page.close()
        await self.live.close()
        self.opened = False

    async def _keep_asking(self) -> None:
        """What the bar at the bottom of every page of a class does."""
        while True:
            self.told = json.loads(await self.get("class/me"))
            await asyncio.sleep(ASK_EVERY)

    async def get(self, path: str, accept: str = "*/*") -> bytes:
        """What is at a path of the server."""
        return (await self._exchange("GET", path, b"", accept))[1]

    async def hand_in(self, path: str, **values: object) -> str:
        """Send JSON to a path of the server; returns the cookie that it gave, with the value, or ""."""
        headers, _ = await self._exchange("POST", path, json.dumps(values).encode(), "*/*")
        given = re.search(r"(?im)^set-cookie: ([^;]+)", headers)
        return given[1] if given else ""

    async def _exchange(self, method: str, path: str, body: bytes, accept: str) -> tuple[str, bytes]:
        place = urlsplit(self.address)
        request = (
            f"{method} /{path} HTTP/1.1\r\nHost: {place.netloc}\r\nOrigin: {self.address}\r\nCookie: {self.cookie}\r\n"
            f"Accept: {accept}\r\nAccept-Encoding: {'identity' if accept == 'text/html' else 'gzip'}\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection(place.hostname, place.port)
            writer.write(request.encode() + body)
            answer = await reader.read()
            writer.close()
        head, _, said = answer.partition(b"\r\n\r\n")
        headers = head.decode("latin-1")
        if not headers.startswith(("HTTP/1.1 2", "HTTP/1.1 3")):
            raise RuntimeError(f"{method} /{path}: {headers.splitlines()[0]} {said[:200].decode(errors='replace')}")
        return headers, said
