"""The teacher's board without a browser."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from benchmarks.seat import PATIENCE, Person


class BoardSocket:
    """An open board. It is shown once a second; what is not looked at is passed over."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._news: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()

    async def next(self) -> dict[str, Any]:
        """What it shows next."""
        async with asyncio.timeout(PATIENCE):
            return await asyncio.shield(self._news)

    async def iterations(self) -> tuple[float, dict[int, int]]:
        """When it shows something next, in seconds, and the iteration of each seat's run then."""
        shown = await self.next()
        return time.perf_counter(), {tile["number"]: tile.get("iteration", 0) for tile in shown["seats"]}

    async def read(self) -> None:
        """Take what comes until the socket is closed."""
        async for message in self._socket:
            news, self._news = self._news, asyncio.get_running_loop().create_future()
            news.set_result(json.loads(message))


@asynccontextmanager
async def board(teacher: Person) -> AsyncIterator[BoardSocket]:
    """Have the board open."""
    place = f"{teacher.address.replace('http', 'ws', 1)}/class/wall"
    headers = {"Cookie": teacher.cookie}
    async with connect(
        place, origin=Origin(teacher.address), additional_headers=headers, proxy=None, max_size=None
    ) as socket:
        opened = BoardSocket(socket)
        reading = asyncio.create_task(opened.read())
        try:
            yield opened
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
