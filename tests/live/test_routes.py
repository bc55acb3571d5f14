import asyncio
import gzip
import json
import re
import socket
import threading
import time
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from ganlab.live.admission import Admission, Rules
from ganlab.live.frames import encode
from ganlab.live.hub import Hub
from ganlab.live.routes import assets_path, routes
from ganlab.live.wire import WIRES
from tests.live.decoding import decode
from tests.patience import PATIENCE


class Server:
    """The routes on a real server in a thread of this process, with one run called "run"."""

    def __init__(self) -> None:
        self.interests: list[str] = []
        self.hub = Hub(self.interests.append)
        self.runs = {"run": "run", "watched": "run"}
        listening = socket.create_server(("127.0.0.1", 0))
        self.host = f"127.0.0.1:{listening.getsockname()[1]}"
        app = Starlette(routes=routes(self.runs.get, self.hub), middleware=[Middleware(Admission, Rules)])
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws_per_message_deflate=False))
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listening]})
        self._thread.start()

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        assert not self._thread.is_alive()

    def converse(
        self,
        talk: Callable[[ClientConnection], Awaitable[Any]],
        path: str = "/live/run",
        origin: str | None = "same",
        **options: Any,
    ) -> Any:
        """What `talk` returns after talking on a socket, or the code that the server closed it with."""

        async def job() -> Any:
            own = f"http://{self.host}" if origin == "same" else origin
            async with connect(f"ws://{self.host}{path}", origin=own, **options) as client:
                try:
                    return await asyncio.wait_for(talk(client), PATIENCE)
                except ConnectionClosed as closed:
                    return closed.rcvd and closed.rcvd.code

        return asyncio.run(job())

    def get(self, path: str, **headers: str) -> tuple[bytes, Any]:
        request = urllib.request.Request(f"http://{self.host}{path}", headers=headers)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.read(), answer.headers

    def until(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, "it never happened"
            time.sleep(0.005)


@pytest.fixture(scope="module")
def _server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def server(_server: Server) -> Server:
    """The server, with nobody on it and no frame kept."""
    _server.until(lambda: _server.hub.viewers("run") == 0)
    _server.hub.forget("run")
    _server.interests.clear()
    return _server


def wish(*views: str) -> str:
    return json.dumps({"views": views})


def test_a_viewer_says_what_it_wants_and_gets_frames(server: Server) -> None:
    async def talk(client: ClientConnection) -> dict[str, Any]:
        await client.send(wish("plane", "losses"))
        await asyncio.to_thread(server.until, lambda: server.hub.watched("run") == {"plane", "losses"})
        server.hub.publish("run", encode({"iteration": 7}))
        return decode(await client.recv())  # type: ignore[arg-type]

    assert server.converse(talk) == {"iteration": 7}
    assert server.interests == ["run"]


def test_a_viewer_that_comes_back_gets_the_last_frame_at_once(server: Server) -> None:
    server.hub.publish("run", b"last")
    assert server.converse(lambda client: client.recv()) == b"last"
    assert server.converse(lambda client: client.recv()) == b"last"


def test_all_views_may_be_asked_for(server: Server) -> None:
    async def talk(client: ClientConnection) -> None:
        await client.send(wish(*WIRES))
        await asyncio.to_thread(server.until, lambda: server.hub.watched("run") == set(WIRES))

    server.converse(talk)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", None, "http://192.0.2.1", "127.0.0.1"])
def test_other_origins_are_refused(server: Server, origin: str | None) -> None:
    server.hub.publish("run", b"secret")
    assert server.converse(lambda client: client.recv(), origin=origin) == 4403


def test_a_run_is_watched_under_another_id_too(server: Server) -> None:
    server.hub.publish("run", b"last")
    assert server.converse(lambda client: client.recv(), path="/live/watched") == b"last"


def test_an_unknown_run_is_refused(server: Server) -> None:
    assert server.converse(lambda client: client.recv(), path="/live/other") == 4404


def test_a_run_that_is_removed_ends_its_sockets(server: Server) -> None:
    async def talk(client: ClientConnection) -> Any:
        await client.send(wish("plane"))
        await asyncio.to_thread(server.until, lambda: bool(server.hub.watched("run")))
        server.hub.forget("run")
        return await client.recv()

    assert server.converse(talk) == 4404


@pytest.mark.parametrize(
    "message",
    [
        "",
        "hello",
        "[]",
        "null",
        "{}",
        '{"views": "plane"}',
        '{"views": [1]}',
        '{"views": [["plane"]]}',
        '{"views": ["weights"]}',
        '{"views": ["plane"], "run": "other"}',
        '{"views": [NaN]}',
        "[" * 1000,
        '{"views": []}' + " " * 1024,
        b'{"views": []}',
    ],
)
def test_any_other_message_ends_the_conversation(server: Server, message: str | bytes) -> None:
    async def talk(client: ClientConnection) -> Any:
        await client.send(message)
        return await client.recv()

    assert server.converse(talk) == 4400


def test_a_viewer_that_does_not_read_skips_frames_and_holds_nobody_up(server: Server) -> None:
    frames = 300
    size = 200_000  # much more in all than sockets and their buffers hold

    async def stalled_while(job: Callable[[], Awaitable[Any]]) -> list[bytes]:
        """The frames that reach a viewer that does not read until the job is done."""
        origin = f"http://{server.host}"
        async with connect(f"ws://{server.host}/live/run", origin=origin, max_queue=1) as slow:
            await slow.send(wish("plane"))
            await asyncio.to_thread(server.until, lambda: server.hub.viewers("run") >= 1)
            await job()
            seen: list[bytes] = []
            while not seen or seen[-1][:4] != b"%04d" % (frames - 1):
                seen.append(await asyncio.wait_for(slow.recv(), PATIENCE))  # type: ignore[arg-type]
            return seen

    async def publish_to_a_quick_one() -> None:
        async with connect(f"ws://{server.host}/live/run", origin=f"http://{server.host}") as quick:
            await quick.send(wish("plane"))
            await asyncio.to_thread(server.until, lambda: server.hub.viewers("run") == 2)
            await asyncio.to_thread(server.until, lambda: len(server.interests) == 2)
            for i in range(frames):
                server.hub.publish("run", b"%04d" % i + bytes(size))
                assert (await asyncio.wait_for(quick.recv(), PATIENCE))[:4] == b"%04d" % i

    seen = asyncio.run(stalled_while(publish_to_a_quick_one))
    assert len(seen) < frames / 2
    assert [frame[:4] for frame in seen] == sorted(frame[:4] for frame in seen)


def test_sockets_leave_no_threads_behind(server: Server) -> None:
    async def talk(client: ClientConnection) -> None:
        await client.send(wish("plane"))

    server.converse(talk)
    before = threading.active_count()
    for _ in range(20):
        server.converse(talk)
    server.until(lambda: server.hub.viewers("run") == 0)
    assert threading.active_count() <= before


def test_scripts_are_served_compressed_and_may_be_kept_for_ever(server: Server) -> None:
    body, headers = server.get(f"/{assets_path()}board/live.js", **{"Accept-Encoding": "gzip, br"})
    assert headers["Content-Encoding"] == "gzip"
    assert "immutable" in headers["Cache-Control"]
    assert headers["Content-Type"].startswith("text/javascript")
    assert gzip.decompress(body) == (files("ganlab.browser") / "board" / "live.js").read_bytes()
    plain, headers = server.get(f"/{assets_path()}board/live.css", **{"Accept-Encoding": "identity"})
    assert plain == (files("ganlab.browser") / "board" / "live.css").read_bytes()
    assert headers["Content-Encoding"] is None


def test_an_outdated_address_is_not_kept(server: Server) -> None:
    _, headers = server.get("/live/assets/outdated/board/live.js")
    assert headers["Cache-Control"] == "no-store"


def test_everything_works_below_a_base_path(server: Server) -> None:
    server.hub.publish("run", b"last")
    assert server.converse(lambda client: client.recv(), path="/some/base/live/run") == b"last"
    body, _ = server.get(f"/some/base/{assets_path()}board/live.js")
    assert body


@pytest.mark.parametrize("name", ["nothing.js", "..%2Froutes.py", "__init__.py", "board/live.js.map"])
def test_nothing_else_is_served(server: Server, name: str) -> None:
    with pytest.raises(HTTPError) as error:
        server.get(f"/{assets_path()}{name}")
    assert error.value.code == 404


def test_every_module_that_a_script_imports_is_there() -> None:
    top = Path(str(files("ganlab.browser")))
    scripts = sorted(top.rglob("*.js"))
    assert scripts
    for file in scripts:
        text = file.read_text(encoding="utf-8")
        for before, imported in re.findall(r'^(.*)\bfrom "(\.[^"]+)"', text, re.MULTILINE):
            for_types = re.match(r"\s*/?\*", before) is not None  # a comment, which only the type checker reads
            found = [file.parent / imported, (file.parent / imported).with_suffix(".d.ts")][: 1 + for_types]
            assert any(path.is_file() for path in found), f"{file.relative_to(top)} imports {imported}"
        hosts = text.replace("http://www.w3.org/2000/svg", "")  # the name of SVG, which nothing is fetched from
        assert not re.search(r"https?://", hosts), f"{file.name} names another host"
