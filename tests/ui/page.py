"""What the tests of the train page do to it, in a word each."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from ganlab.experiment import knob
from ganlab.runs import Run
from tests.patience import PATIENCE

SHELL = Path(__file__).parents[2] / "pages" / "shell.py"
SMALL = "g_width:8,d_width:8,batch_size:16"


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(str(SHELL), default_timeout=PATIENCE)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def widget(app: AppTest, name: str) -> Any:
    """A widget by its name, whatever it has shown before; a setting that is folded away is unfolded first."""
    field = name.removeprefix("setting_")
    if field != name and not knob(field).common:
        unfold(app, knob(field).group)
    return app.get_by_key(f"{name}.{app.session_state['generations'][name]}")


def unfold(app: AppTest, group: str) -> None:
    """Show a group's rarer settings."""
    if not app.session_state[f"more_{group}"]:
        app.session_state[f"more_{group}"] = True
        app.run()


def run_of(app: AppTest) -> Run:
    run = app.session_state["tab"].run
    assert isinstance(run, Run)
    return run


def press(app: AppTest, key: str) -> None:
    app.button(key=key).click().run()
    assert not app.exception


def choose(app: AppTest, name: str, value: Any) -> None:
    """Pick or type a value of a setting, in whatever widget it has."""
    box = widget(app, f"setting_{name}")
    if isinstance(value, str) and not knob(name).choices and value not in box.options:
        box.options.append(value)  # AppTest has no way to type into a select box that takes new values
    box.set_value(value)
    app.run()
    assert not app.exception


def until(condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait for the training thread."""
    deadline = time.monotonic() + seconds
    tick = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        tick.wait(0.01)


def trained(app: AppTest, iterations: int = 1) -> Run:
    """The tab's run, paused after some training."""
    run = run_of(app)
    run.play()
    until(lambda: run.iteration >= iterations)
    run.pause()
    run.ask(lambda trainer: {}).result(PATIENCE)  # the step that the pause came in is done
    app.run()
    return run
