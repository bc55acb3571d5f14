"""Which runs a tab has open, whatever page it shows: what nobody has open is paused."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ganlab.experiment import Experiment
from ganlab.runs import Run
from ganlab.ui import presence
from ganlab.ui.tab import ParkedRun, Tab

SMALL = Experiment.of(g_width=8, d_width=8)


class Server:
    """Stands for Streamlit's runtime: which tabs are connected."""

    connected: frozenset[str] = frozenset()

    @classmethod
    def exists(cls) -> bool:
        return True

    @classmethod
    def instance(cls) -> type[Server]:
        return cls

    @classmethod
    def is_active_session(cls, session_id: str) -> bool:
        return session_id in cls.connected


@pytest.fixture(autouse=True)
def _server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "Runtime", Server)
    monkeypatch.setattr(presence, "_tabs", {})


def visit(session_id: str, tab: Tab, monkeypatch: pytest.MonkeyPatch, sweep_id: str = "") -> None:
    """The script of this tab runs."""
    here = SimpleNamespace(session_id=session_id)
    monkeypatch.setattr(presence, "get_script_run_ctx", lambda suppress_warning: here)
    monkeypatch.setattr(Server, "connected", Server.connected | {session_id})
    presence.note(tab, sweep_id)


def test_a_run_is_open_as_long_as_one_tab_that_has_it_is_connected(monkeypatch: pytest.MonkeyPatch) -> None:
    run, other = Run(SMALL), Run(SMALL)
    visit("first", Tab(run, None, SMALL), monkeypatch)
    visit("second", Tab(run, None, SMALL), monkeypatch)
    assert presence.is_open(run.id) and not presence.is_open(other.id)
    monkeypatch.setattr(Server, "connected", frozenset({"second"}))
    assert presence.is_open(run.id)
    monkeypatch.setattr(Server, "connected", frozenset())
    assert not presence.is_open(run.id)
    monkeypatch.setattr(Server, "connected", frozenset({"first"}))
    assert not presence.is_open(run.id), "a tab that comes back says anew which run it has"


def test_the_runs_beside_it_and_its_wall_are_open_too_but_not_those_it_left(monkeypatch: pytest.MonkeyPatch) -> None:
    run, beside, aside = Run(SMALL), Run(SMALL), Run(SMALL)
    tab = Tab(run, None, SMALL, aside=[ParkedRun(aside, None, SMALL)], beside=[ParkedRun(beside, None, SMALL)])
    visit("tab", tab, monkeypatch, sweep_id="wall")
    assert presence.is_open(beside.id) and presence.is_open("wall")
    assert not presence.is_open(aside.id)
    tab.run = aside
    assert presence.is_open(aside.id) and not presence.is_open(run.id), "it follows the tab"


def test_without_a_server_nothing_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(SMALL)
    visit("tab", Tab(run, None, SMALL), monkeypatch)
    monkeypatch.setattr(Server, "exists", classmethod(lambda cls: False))
    assert not presence.is_open(run.id)
