"""The Collapse page through AppTest: a case begins at one click, a remedy at another, and bad states are explained."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ganlab.presets.collapse import COLLAPSED_AFTER, RING
from ganlab.presets.remedies import BY_NAME, REMEDIES
from ganlab.runs import Run, State
from ganlab.runs import lab as lab_module
from ganlab.ui import session
from ganlab.ui.collapse import results

PAGE = Path(__file__).parents[2] / "pages" / "collapse.py"
PATIENCE = 120  # seconds: the machine may be busy, and nothing here measures speed
SMALL = "data:ring,latent_dim:2,g_width:8,d_width:8,batch_size:16"


@pytest.fixture(scope="module", autouse=True)
def _no_thread_left_behind() -> Iterator[None]:
    yield
    session.lab().close()
    session.lab.cache_clear()
    session.hub.cache_clear()


@pytest.fixture(autouse=True)
def _no_run_left_behind() -> Iterator[None]:
    yield
    for run in session.lab().runs():
        session.lab().remove(run.id)


def opened(**query: object) -> AppTest:
    app = AppTest.from_file(str(PAGE), default_timeout=PATIENCE)
    for name, value in query.items():
        app.query_params[name] = value  # type: ignore[assignment]
    return checked(app.run())


def checked(app: AppTest) -> AppTest:
    assert not app.exception
    return app


def press(app: AppTest, key: str) -> AppTest:
    return checked(app.button(key=key).click().run())


def said(app: AppTest) -> str:
    return "\n".join(str(element.value) for element in (*app.warning, *app.caption, *app.markdown))


def run_of(key: str | None) -> Run:
    found = session.lab().get(key or "")
    assert found is not None
    return found


def examined() -> tuple[AppTest, Run]:
    """The page with a small run on it, trained for one iteration."""
    app = opened(x=SMALL)
    press(app, "examine")
    run = run_of(app.session_state["trial"].collapsed)
    run.pause()
    run.step()
    assert run.ask(lambda trainer: trainer.iteration).result(timeout=PATIENCE) >= 1
    return checked(app.run()), run


def test_a_case_begins_to_train_at_one_click(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(COLLAPSED_AFTER, "collapse-ring", 10**9)  # so that it still trains when it is looked at
    app = press(opened(), "start_collapse-ring")
    run = run_of(app.session_state["trial"].collapsed)
    assert run.experiment == RING
    assert run.state is State.RUNNING
    assert [button.key for button in app.button if button.key == f"try_{REMEDIES[0].name}"]
    press(app, "collapse_train")
    assert run.state is State.PAUSED


def test_a_case_holds_still_at_its_iteration_whatever_is_left_of_its_modes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(COLLAPSED_AFTER, "collapse-ring", 3)
    app = press(opened(), "start_collapse-ring")
    run = run_of(app.session_state["trial"].collapsed)
    while run.state is State.RUNNING:
        run.ask(lambda trainer: trainer.iteration).result(timeout=PATIENCE)
    assert "Held still after 3 iterations, by when it has usually lost" in said(checked(app.run()))
    assert (run.state, run.iteration) == (State.PAUSED, 3)
    press(app, "collapse_train")
    assert run.state is State.RUNNING, "and goes on when told to"


def test_a_remedy_goes_on_from_the_same_step_beside_it() -> None:
    app, collapsed = examined()
    press(app, "try_packing")
    cured = run_of(app.session_state["trial"].shown)
    assert cured.experiment == collapsed.experiment.changed(packing=2)
    assert (collapsed.state, cured.state) == (State.RUNNING, State.RUNNING)
    assert cured.ask(lambda trainer: trainer.iteration).result(timeout=PATIENCE) >= 1
    assert cured.origin is not None
    assert cured.origin.run == collapsed.id
    checked(app.run())
    assert "Carried over: the generator" in said(app)
    assert "Packing" in "\n".join(html.proto.body for html in app.get("html"))


def test_another_remedy_takes_the_place_of_the_first_which_can_be_shown_again() -> None:
    app, collapsed = examined()
    press(app, "try_r1")
    first = run_of(app.session_state["trial"].shown)
    press(app, "try_noise")
    second = run_of(app.session_state["trial"].shown)
    assert (first.state, second.state) == (State.PAUSED, State.RUNNING)
    assert list(app.session_state["trial"].forks) == [first.id, second.id]
    assert collapsed.id in app.query_params["patient"]

    again = opened(**app.query_params)
    assert again.session_state["trial"].collapsed == collapsed.id
    assert list(again.session_state["trial"].forks.values()) == ["r1", "noise"]


def test_a_remedy_that_is_on_already_is_barred_with_the_reason() -> None:
    app = opened(x=f"{SMALL},packing:2")
    press(app, "examine")
    assert app.button(key="try_packing").disabled
    assert "This run has it already." in said(app)
    assert not app.button(key="try_r1").disabled


def test_an_address_of_runs_that_are_gone_leads_to_the_choice() -> None:
    app = opened(patient="gone", treated=["packing.gone", "nonsense"], shown="gone")
    assert [button.key for button in app.button if button.key == "start_collapse-digits"]


def test_a_full_lab_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    app, _ = examined()
    monkeypatch.setattr(lab_module, "MOST_RUNS", 1)
    monkeypatch.setattr(session.lab(), "in_use", lambda run_id: True)
    monkeypatch.setattr(session.hub(), "viewers", lambda run_id: 1)
    press(app, "try_packing")
    assert "runs are open and all are in use" in said(app)


def test_the_figures_of_remedies_come_from_the_benchmarks_file() -> None:
    path = Path(__file__).parents[2] / results.FILE
    rows = json.loads(path.read_text())["remedies"]
    assert json.loads(path.read_text())["settings"] == RING.differences()
    for name, known in results.measured().items():
        seeds = rows[name]["seeds"]
        assert known.sentence.startswith(f"Cured {sum(seed['cured'] for seed in seeds)} of {len(seeds)} seeds")
        if name in BY_NAME:
            assert rows[name]["changes"] == dict(BY_NAME[name].changes(RING))
