"""A page of the app without a browser: Streamlit's own messages over its own socket, as a browser sends them."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

PATIENCE = 60.0  # seconds to wait for an answer
DONE = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
ERROR = 1  # an alert's format


@dataclass(frozen=True)
class Widget:
    """A widget as the server described it last: its message, and the fragment that a change of it runs again."""

    message: Any
    fragment: str


class PageSocket:
    """One browser tab's session.

    Attributes:
        query: of the page's address, as the server last put it there.
        widgets: by their keys.
        complaints: the errors that the page showed.
    """

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.query = ""
        self.widgets: dict[str, Widget] = {}
        self.complaints: list[str] = []
        self._script = ""
        self._chosen: dict[str, WidgetState] = {}  # what the person changed, by widget
        self._finished = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def open(cls, address: str, cookie: str, query: str = "") -> PageSocket:
        """Open a tab and wait until its page is there."""
        socket = await connect(
            f"{address.replace('http', 'ws', 1)}/_stcore/stream",
            origin=Origin(address),
            subprotocols=[Subprotocol("streamlit")],
            additional_headers={"Cookie": cookie},
            proxy=None,
            max_size=None,
        )
        page = cls(socket)
        page.query = query
        await page._rerun(WidgetState(), "")
        return page

    async def close(self) -> None:
        """Close the tab."""
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        await self._socket.close()

    async def press(self, button: str) -> float:
        """Press the button with this key; returns the seconds until all that it changes on the page has come."""
        widget = self.widgets[button]
        return await self._rerun(WidgetState(id=widget.message.id, trigger_value=True), widget.fragment)

    async def choose(self, key: str, value: str) -> float:
        """Choose a value in the select box with this key; returns the seconds until the page has answered."""
        widget = self.widgets[key]
        chosen = WidgetState(id=widget.message.id, string_value=value)
        self._chosen[widget.message.id] = chosen
        return await self._rerun(chosen, widget.fragment)

    def shown(self, key: str) -> str:
        """The option that the select box with this key shows."""
        message = self.widgets[key].message
        return str(message.options[message.default])

    async def _rerun(self, changed: WidgetState, fragment: str) -> float:
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_script_hash, state.fragment_id = self.query, self._script, fragment
        states = {**self._chosen, changed.id: changed} if changed.id else self._chosen
        state.widget_states.widgets.extend(states.values())
        self._finished.clear()
        started = time.perf_counter()
        await self._socket.send(message.SerializeToString())
        await asyncio.wait_for(self._finished.wait(), PATIENCE)
        return time.perf_counter() - started

    async def _read(self) -> None:
        async for data in self._socket:
            assert isinstance(data, bytes)
            message = ForwardMsg.FromString(data)
            match message.WhichOneof("type"):
                case "delta":
                    self._take(message.delta)
                case "new_session":
                    self._script = message.new_session.page_script_hash
                case "page_info_changed":
                    self.query = message.page_info_changed.query_string
                case "script_finished":
                    if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                        self.complaints.append("a page that can't be compiled")
                    if message.script_finished in DONE:
                        self._finished.set()

    def _take(self, delta: Any) -> None:
        if delta.WhichOneof("type") != "new_element":
            return
        kind = delta.new_element.WhichOneof("type")
        message = getattr(delta.new_element, kind)
        if kind == "exception":
            self.complaints.append(f"{message.type}: {message.message}")
        elif kind == "alert" and message.format == ERROR:
            self.complaints.append(message.body)
        elif (name := getattr(message, "id", "")).startswith("$$ID-"):
            key = name.split("-", 2)[2]  # $$ID-<digest>-<key>; "setting_lr_g.0" counts how often it was drawn anew
            self.widgets[key.partition(".")[0]] = Widget(message, delta.fragment_id)
