"""Follows the functions of one iteration line by line, through Python's own tracing. They know nothing of it."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import CodeType, FrameType
from typing import Any

from torch import Tensor

from ganlab.views.tracing.values import Told, told

BATCHES = ("iterate", "_update")  # where a name for real samples is a batch of them, not D's scores
UPDATES_OF_D = ("_update_discriminator", "_update_conditional_d")


@dataclass(frozen=True)
class Line:
    """A line that was carried out.

    Attributes:
        function: its function, as a place in the recorder's list; line: counted from the function's first, from 0.
        event: "call" for a function's arguments, "line", or "return".
        names: the values that it gave to names; what is returned is called "return".
    """

    function: int
    line: int
    depth: int
    event: str
    names: Mapping[str, Told] = field(default_factory=dict)


class Recorder:
    """Records what happens on this thread inside the block, in the functions with these codes.

    Of several updates of D in one iteration, only the last one is recorded line by line: the one whose samples G then
    learns from. What the earlier ones returned is in `earlier`.

    Attributes:
        lines: in the order in which they came to their end.
        functions: those that were called.
        real: the last batch of real samples, (batch, *shape).
    """

    def __init__(self, functions: Mapping[CodeType, Callable[..., Any]], batch: int, updates_of_d: int = 1) -> None:
        self._functions = functions
        self._batch = batch
        self._left_out = updates_of_d - 1
        self._inside = False  # an update that is left out
        self._depth = 0
        self._places: dict[CodeType, int] = {}
        self.functions: list[Callable[..., Any]] = []
        self.lines: list[Line] = []
        self.earlier: list[Told] = []
        self.real: Tensor | None = None

    def __enter__(self) -> Recorder:
        self._before = sys.gettrace()
        sys.settrace(self._called)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(self._before)

    def source(self) -> list[dict[str, Any]]:
        """The functions that were called: their names and their source, without indentation."""
        return [{"name": function.__qualname__, "source": _source(function)} for function in self.functions]

    def _called(self, frame: FrameType, _event: str, _arg: Any) -> Callable[..., Any] | None:
        code = frame.f_code
        if code not in self._functions:
            return None
        if self._inside or (self._left_out and code.co_name != "iterate"):
            if self._inside or code.co_name not in UPDATES_OF_D:
                return None
            self._inside = True
            frame.f_trace_lines = False
            return self._left_out_update
        if code not in self._places:
            self._places[code] = len(self.functions)
            self.functions.append(self._functions[code])
        self._depth += 1
        return _Call(self, self._places[code], frame).trace

    def _left_out_update(self, _frame: FrameType, event: str, arg: Any) -> Callable[..., Any]:
        if event == "return":
            self._left_out -= 1
            self._inside = False
            self.earlier.append(told(arg, self._batch) or {})
        return self._left_out_update

    def note(self, function: int, line: int, event: str, values: Mapping[str, Any]) -> None:
        """A line has come to its end and has given these names these values."""
        if self._left_out:
            return
        if self.functions[function].__name__ in BATCHES:
            self.real = values.get("real", values.get("x", self.real))
        described = {name: told(value, self._batch) for name, value in values.items()}
        kept = {name: value for name, value in described.items() if value is not None}
        self.lines.append(Line(function, line, self._depth, event, kept))

    def ended(self) -> None:
        """A followed function has returned."""
        self._depth -= 1


@cache
def _source(function: Callable[..., Any]) -> str:
    return inspect.cleandoc("\n" + inspect.getsource(function))


class _Call:
    """One call of a followed function. A line's values are there when the next line begins."""

    def __init__(self, recorder: Recorder, function: int, frame: FrameType) -> None:
        self._recorder, self._function = recorder, function
        self._first = frame.f_code.co_firstlineno
        self._known: dict[str, Any] = {}
        self._been: set[int] = set()
        self._line: int | None = None

    def trace(self, frame: FrameType, event: str, arg: Any) -> Callable[..., Any]:
        if event in ("line", "return"):
            self._finish(frame.f_locals)
            self._line = frame.f_lineno - self._first
        if event == "return":
            self._recorder.note(self._function, self._line or 0, "return", {"return": arg})
            self._recorder.ended()
        return self.trace

    def _finish(self, names: Mapping[str, Any]) -> None:
        fresh = {name: value for name, value in names.items() if self._known.get(name, self) is not value}
        self._known.update(fresh)  # held, so that no later value can have the identity of an earlier one
        at = (0, "call") if self._line is None else (self._line, "line")
        # Of a line that gives no name a value, as in a loop, once is enough.
        if fresh or (self._line is not None and self._line not in self._been):
            self._been.add(at[0])
            self._recorder.note(self._function, *at, fresh)
