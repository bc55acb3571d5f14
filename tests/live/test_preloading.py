"""Pages name the modules that they will need; everything else is answered as it was."""

from __future__ import annotations

import asyncio
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.types import Message, Scope

from ganlab.live.preloading import WHERE, Preloading
from tests.patience import PATIENCE
from tests.serving import Server, serving

PAGE = "<html><head><script src='./own.js'></script></head><body></head></body></html>"
LINK = re.compile(r'<link rel="modulepreload"[^>]* href="([^"]+)">')


def answered(response: Response, path: str = "/", method: str = "GET", **headers: str) -> tuple[dict[str, str], str]:
    """Headers and body of what comes through, where the page at "/" needs two modules and no other needs any."""
    sent: list[Message] = []
    scope: Scope = {
        "type": "http",
        "method": method,
        "path": path,
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }

    async def app(scope: Scope, receive: object, send: object) -> None:
        assert "accept-encoding" not in Request(scope).headers or path != "/"
        await response(scope, receive, send)  # type: ignore[arg-type]

    async def receive() -> Message:
        return await asyncio.Future()

    async def send(message: Message) -> None:
        sent.append(message)

    modules = {"": ("own.js", "live/a.js")}
    asyncio.run(Preloading(app, lambda page: modules.get(page, ()))(scope, receive, send))
    body = b"".join(message.get("body", b"") for message in sent)
    return {name.decode(): value.decode() for name, value in sent[0]["headers"]}, body.decode()


def test_a_page_names_what_it_does_not_name_itself() -> None:
    headers, body = answered(HTMLResponse(PAGE), **{"accept-encoding": "gzip"})
    assert LINK.findall(body) == ["live/a.js"]
    assert body.index(WHERE) < body.index("live/a.js") < body.index("<body>")
    assert int(headers["content-length"]) == len(body)


def test_a_page_from_a_file_is_not_taken_for_the_file(tmp_path: Path) -> None:
    file = tmp_path / "index.html"
    file.write_text(PAGE)
    headers, body = answered(FileResponse(file))
    assert "live/a.js" in body
    assert not {"etag", "last-modified"} & set(headers)


@pytest.mark.parametrize(
    ("response", "path", "method"),
    [
        (HTMLResponse(PAGE), "/nothing", "GET"),
        (HTMLResponse(PAGE), "/", "POST"),
        (HTMLResponse(PAGE, 404), "/", "GET"),
        (PlainTextResponse(PAGE), "/", "GET"),
    ],
)
def test_all_else_is_as_it_was(response: Response, path: str, method: str) -> None:
    assert answered(response, path, method)[1] == PAGE


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("server") / "log.txt") as running:
        yield running


@pytest.mark.parametrize(
    ("page", "entry"),
    [
        ("/", "board/live.js"),
        ("/collapse", "collapse/collapse.js"),
        ("/compare", "compare/compare.js"),
        ("/sweep", "wall/wall.js"),
        ("/latent", "latent/latent.js"),
    ],
)
def test_the_app_s_pages_name_modules_that_are_there(server: Server, page: str, entry: str) -> None:
    with urllib.request.urlopen(server.address + page, timeout=PATIENCE) as answer:
        named = LINK.findall(answer.read().decode())
    assert any(name.endswith(entry) for name in named)
    assert any("BidiComponent" in name for name in named), "Streamlit's own, by the names that it gives them today"
    for name in named:
        with urllib.request.urlopen(urljoin(server.address + page, name), timeout=PATIENCE) as answer:
            assert answer.headers["Content-Type"].partition(";")[0].endswith("/javascript"), name
