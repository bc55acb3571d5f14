"""Headers by which a browser protects whoever looks at our pages."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Streamlit styles its elements one by one, starts its scripts from the page itself and our components' from blobs, and
# reads its messages with a parser that it generates. Nothing comes from another host, and nothing goes there.
CONTENT_POLICY = {
    "default-src": "'self'",
    "script-src": "'self' 'unsafe-inline' 'unsafe-eval' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "media-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self' data: blob:",
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
}


class Protection:
    """Adds the headers to every answer."""

    def __init__(self, app: ASGIApp, embedded_in: str = "") -> None:
        """`embedded_in`: the sites, with blanks between them, whose pages may show ours in a frame."""
        policy = CONTENT_POLICY | {"frame-ancestors": f"'self' {embedded_in}".strip()}
        self._app = app
        self._headers = {
            "Content-Security-Policy": "; ".join(f"{what} {where}" for what, where in policy.items()),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",  # an address holds a run's id, which is the right to command it
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_protected(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        await self._app(scope, receive, send_protected)
