"""What a page will need, named in the page itself, so that browsers fetch it while Streamlit starts.

Among it is where the app is. Streamlit would ask below the page's own address first, where nothing is, and a browser
would show two errors in its console: "/latent" could be a page or an app of that path. The last part of an address is
always a page here, and what is before it is the path that a proxy or `server.baseUrlPath` gives to the app.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

WHERE = '<script>window.__streamlit = { BACKEND_BASE_URL: new URL(".", location.href).href };</script>'


class Preloading:
    """Writes into every page which modules it will ask for once its widgets are there.

    A Link header would do the same, but proxies limit how long headers may be.
    """

    def __init__(self, app: ASGIApp, modules_of: Callable[[str], Sequence[str]], more: str = "") -> None:
        """
        Args:
            modules_of: tells a page's modules by the last part of its address, each relative to that address.
            more: HTML that the head of every page is to hold besides.
        """
        self._app, self._more = app, more
        self._modules_of = modules_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        names = self._modules_of(scope["path"].rpartition("/")[2]) if scope["type"] == "http" else ()
        if not names or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        scope = {**scope, "headers": plain}  # what is compressed can't be written into
        start: Message | None = None
        page = b""

        async def send_with_links(message: Message) -> None:
            nonlocal start, page
            if message["type"] == "http.response.start" and _is_page(message):
                start = message
            elif start is None:
                await send(message)
            else:
                page += message.get("body", b"")
                if not message.get("more_body", False):
                    page = _with_links(page, names, self._more)
                    headers = MutableHeaders(scope=start)
                    headers["content-length"] = str(len(page))
                    for stale in ("etag", "last-modified"):  # they are the file's, which knows nothing of the links
                        del headers[stale]
                    await send(start)
                    await send({"type": "http.response.body", "body": page})

        await self._app(scope, receive, send_with_links)


def _is_page(start: Message) -> bool:
    headers = MutableHeaders(scope=start)
    return bool(start["status"] == 200 and headers.get("content-type", "").startswith("text/html"))


def _with_links(page: bytes, names: Sequence[str], more: str) -> bytes:
    """The page with the address of the app, and a link to each module that it does not name itself.

    They are of low priority, so that they come after Streamlit's start, not before it.
    """
    missing = [name for name in names if name.encode() not in page]
    links = "".join(f'<link rel="modulepreload" fetchpriority="low" href="{name}">' for name in missing)
    return page.replace(b"</head>", f"{WHERE}{links}{more}</head>".encode(), 1)
