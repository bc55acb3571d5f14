"""Runs that were trained before: found by their address and in the list, renamed, begun anew and deleted."""

from __future__ import annotations

import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from ganlab.live.addresses import reached_only_here
from ganlab.metrics.modes import Coverage
from ganlab.runs import Run, State
from ganlab.runs.keeping import copier, database
from ganlab.runs.keeping.database import StoreUnusable
from ganlab.runs.keeping.store import Store
from ganlab.ui import session, stored
from ganlab.ui.train import your_runs
from ganlab.ui.train.your_runs import ago
from ganlab.views import Probes
from tests.patience import PATIENCE

SHELL = Path(__file__).parents[2] / "pages" / "shell.py"
SMALL = "g_width:8,d_width:8,batch_size:16"


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("GANLAB_RUNS", str(tmp_path))
    close_the_app()
    opened = stored.store()
    assert opened is not None
    yield opened
    close_the_app()


def close_the_app() -> None:
    session.lab().close()
    for each in (session.lab, session.hub, stored._opened):
        each.cache_clear()


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(str(SHELL), default_timeout=PATIENCE)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def run_of(app: AppTest) -> Run:
    run = app.session_state["tab"].run
    assert isinstance(run, Run)
    return run


def press(app: AppTest, key: str) -> None:
    app.button(key=key).click().run()
    assert not app.exception


def until(condition: Callable[[], bool]) -> None:
    deadline, tick = time.monotonic() + PATIENCE, threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        tick.wait(0.01)


def trained(store: Store, iterations: int = 2) -> Run:
    """A run of a tab that was closed since, stored."""
    run = run_of(opened(x=SMALL))
    for _ in range(iterations):
        run.step()
    until(lambda: any(each.id == run.id and each.iteration == iterations for each in store.runs()))
    return run


def listed(app: AppTest) -> list[str]:
    return [button.key.removeprefix("open_") for button in app.button if str(button.key).startswith("open_")]


def said(app: AppTest) -> str:
    return " ".join(element.value for element in (*app.caption, *app.markdown, *app.warning, *app.info))


def test_an_address_leads_to_its_run_after_the_app_was_closed(store: Store) -> None:
    run = trained(store)
    close_the_app()
    app = opened(run=run.id)
    again = run_of(app)
    assert again is not run
    assert (again.id, again.iteration, again.state) == (run.id, 2, State.PAUSED)
    assert not app.warning
    press(app, "step")
    until(lambda: again.iteration == 3)


def test_the_list_opens_a_run_and_keeps_the_one_that_was_there(store: Store) -> None:
    run = trained(store)
    close_the_app()
    app = opened()
    press(app, "your_runs")
    assert listed(app) == [run.id]
    assert "2 iterations" in said(app) and "paused" in said(app) and "up to 4 GB" in said(app)
    present = run_of(app)
    press(app, f"open_{run.id}")
    assert run_of(app).id == run.id
    assert app.query_params["run"] == run.id
    assert present.id != run.id


def test_the_best_weights_are_opened_as_a_run_of_their_own(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def coverage(probes: Probes) -> Coverage:
        found = 5 if probes._inputs.trainer.iteration == 1 else 2
        return Coverage(found, 1, found, 8, 0.5, 0.0, np.zeros(8, np.int64))

    monkeypatch.setattr(Probes, "coverage", coverage)
    monkeypatch.setattr(copier, "JUDGE_SECONDS", 0.0)
    run = run_of(opened(x=SMALL))
    for iterations in (1, 2):
        run.step()
        until(lambda n=iterations: any(each.iteration == n for each in store.runs()))
    app = opened()
    press(app, "your_runs")
    assert "best: 5 of 8 modes, 50% good at 1" in said(app)
    press(app, f"best_{run.id}")
    best = run_of(app)
    assert best.id != run.id and best.iteration == 1
    assert any("the best weights, those of iteration 1" in info.value for info in app.info)


def test_a_run_keeps_its_name(store: Store) -> None:
    run = trained(store)
    app = opened()
    press(app, "your_runs")
    box = next(box for box in app.text_input if box.label == "Name")
    box.set_value("  The   good one ").run()
    press(app, "your_runs")
    assert "**The good one**" in said(app)
    close_the_app()
    app = opened(run=run.id)
    assert run_of(app).name == "The good one"


def test_a_deleted_run_can_be_had_back(store: Store) -> None:
    run = trained(store)
    app = opened()
    press(app, "your_runs")
    press(app, f"delete_{run.id}")
    assert store.run(run.id) is None
    press(app, "your_runs")
    assert listed(app) == []
    press(app, "undelete")
    close_the_app()
    assert run_of(opened(run=run.id)).iteration == 2


def test_the_run_on_the_page_cannot_be_deleted(store: Store) -> None:
    app = opened(x=SMALL)
    run = run_of(app)
    run.step()
    until(lambda: bool(store.runs()))
    press(app, "your_runs")
    assert app.button(key=f"delete_{run.id}").disabled


def test_a_long_list_can_be_searched(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(your_runs, "FITTING", 1)
    first, second = trained(store), trained(store, 3)
    store.rename(second.id, "Cured of collapse")
    app = opened()
    press(app, "your_runs")
    assert set(listed(app)) == {first.id, second.id}
    app.session_state["runs_sought"] = "COLLAPSE 3"
    press(app, "your_runs")
    assert listed(app) == [second.id]
    app.session_state["runs_sought"] = "elephants"
    press(app, "your_runs")
    assert listed(app) == [] and "No run matches all of these words" in said(app)


def test_settings_can_be_begun_anew(store: Store) -> None:
    run = trained(store)
    app = opened()
    press(app, "your_runs")
    press(app, f"again_{run.id}")
    fresh = run_of(app)
    assert fresh.id != run.id and fresh.experiment == run.experiment and fresh.iteration == 0


def test_where_others_can_come_in_their_runs_are_not_listed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    run = trained(store)
    monkeypatch.setattr(stored, "one_persons", lambda: False)
    app = opened()
    press(app, "your_runs")
    assert listed(app) == []
    assert "can be reached from a network" in said(app)
    assert run_of(opened(run=run.id)).id == run.id  # who knows the address may


def test_only_a_server_of_this_machine_that_nobody_passes_requests_to_is_one_persons() -> None:
    assert reached_only_here("127.0.0.1", {})
    assert not reached_only_here("127.0.0.1", {"X-Forwarded-For": "192.0.2.1"})
    assert not reached_only_here("0.0.0.0", {})
    assert not reached_only_here(None, {})  # Streamlit's default: every network


def test_a_store_that_cannot_be_used_is_said_once_and_the_app_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("GANLAB_RUNS", str(tmp_path / "file"))
    close_the_app()
    app = opened(x=SMALL)
    assert "Runs can't be saved in" in said(app)
    press(app, "step")
    assert "Runs can't be saved in" not in said(app)
    until(lambda: run_of(app).iteration == 1)
    press(app, "your_runs")
    assert "Runs can't be saved in" in said(app)


def test_spans_of_time_in_words() -> None:
    assert [ago(seconds) for seconds in (3, 61, 7200, 86_400)] == [
        "just now",
        "1 minute ago",
        "2 hours ago",
        "1 day ago",
    ]


def test_an_address_of_no_stored_run_says_what_may_have_happened() -> None:
    app = opened(run="0" * 32, x=SMALL)
    assert any("is not stored here" in warning.value for warning in app.warning)
    assert any("a new run with the same settings" in warning.value for warning in app.warning)


def test_a_damaged_entry_is_named_and_a_locked_list_is_said(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = trained(store), trained(store)
    with sqlite3.connect(store.folder / "runs.sqlite") as db:
        db.execute("UPDATE runs SET state = 'dreaming' WHERE id = ?", (second.id,))
    app = opened()
    press(app, "your_runs")
    assert listed(app) == [first.id]
    assert f"can't be shown: {second.id}" in said(app).replace("\\", "")
    monkeypatch.setattr(database, "READ_SECONDS", 0.01)
    with sqlite3.connect(store.folder / "runs.sqlite") as db:
        db.execute("BEGIN EXCLUSIVE")
        press(app, "your_runs")
        assert "can't be used now" in said(app).replace("\\", "")


def test_a_folder_that_vanished_is_said_and_training_goes_on(store: Store) -> None:
    app = opened(x=SMALL)
    run = run_of(app)
    run.step()
    until(lambda: bool(store.runs()))
    shutil.rmtree(store.folder)
    press(app, "your_runs")
    assert "Check that the folder exists" in said(app).replace("\\", "")
    run.step()
    until(lambda: run.iteration == 2)

    def saved() -> list[int]:
        try:
            return [each.iteration for each in store.runs()]
        except StoreUnusable:  # it is about to be made anew
            return []

    until(lambda: saved() == [2])
