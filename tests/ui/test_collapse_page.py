"""The Collapse page through AppTest: a case begins at one click, a remedy at another, and bad states are explained."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from ganlab.metrics.effect import TrialCounts, effect_of
from ganlab.presets.collapse import BLOBS, COLLAPSED_AFTER
from ganlab.presets.remedies import BY_NAME, REMEDIES
from ganlab.runs import Run, State, TrialRun
from ganlab.runs import lab as lab_module
from ganlab.runs.trials import trial_run
from ganlab.runs.trials.trial_run import TrialMoment
from ganlab.ui import session
from ganlab.ui.collapse import results
from tests.patience import PATIENCE

PAGE = Path(__file__).parents[2] / "pages" / "collapse.py"
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
    monkeypatch.setitem(COLLAPSED_AFTER, "collapse-blobs", 10**9)  # so that it still trains when it is looked at
    app = press(opened(), "start_collapse-blobs")
    run = run_of(app.session_state["trial"].collapsed)
    assert run.experiment == BLOBS
    assert run.state is State.RUNNING
    assert [button.key for button in app.button if button.key == f"try_{REMEDIES[0].name}"]
    press(app, "collapse_train")
    assert run.state is State.PAUSED


def test_a_case_holds_still_at_its_iteration_whatever_is_left_of_its_modes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(COLLAPSED_AFTER, "collapse-blobs", 3)
    app = press(opened(), "start_collapse-blobs")
    run = run_of(app.session_state["trial"].collapsed)
    while run.state is State.RUNNING:
        run.ask(lambda trainer: trainer.iteration).result(timeout=PATIENCE)
    assert "Paused after 3 iterations. By then, the run has usually lost" in said(checked(app.run()))
    assert (run.state, run.iteration) == (State.PAUSED, 3)
    press(app, "collapse_train")
    assert run.state is State.RUNNING, "and goes on when told to, as long as no remedy was tried"


def ended(run: Run) -> TrialRun:
    """A run of a trial, once it holds still."""
    assert isinstance(run, TrialRun)
    while run.state is State.RUNNING:
        run.ask(lambda trainer: trainer.iteration).result(timeout=PATIENCE)
    assert run.state is State.PAUSED, run.message
    return run


def verdict_of(run: TrialRun) -> dict[str, Any]:
    """What the page is sent of a run with a remedy."""
    return run.ask(lambda trainer: run._snapshot(frozenset({"trial"}))["views"]["trial"]).result(timeout=PATIENCE)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trials of six iterations, looked at every third."""
    monkeypatch.setattr(trial_run, "PLANNED", 6)
    monkeypatch.setattr(trial_run, "EVERY", 3)


@pytest.mark.usefixtures("short")
def test_a_remedy_never_trains_the_collapsed_run_and_begins_where_its_twin_does() -> None:
    app, collapsed = examined()
    at = collapsed.iteration
    press(app, "try_packing")
    twin, remedied = (ended(run_of(getattr(app.session_state["trial"], name))) for name in ("twin", "shown"))
    assert (collapsed.state, collapsed.iteration) == (State.PAUSED, at)
    assert remedied.experiment == collapsed.experiment.changed(packing=2)
    assert twin.experiment == collapsed.experiment
    for run in (twin, remedied):
        assert run.origin is not None
        assert (run.origin.run, run.origin.iteration, run.iteration) == (collapsed.id, at, at + 6)
        assert list(run.looks) == [0, 3, 6]
        assert all(len(look.modes) == 5 for look in run.looks.values()), "five pairs"
    assert remedied.twin is twin
    told = verdict_of(remedied)
    assert (told["at"], told["effect"]) == (6, "not yet decided")
    assert "After 6 more iterations, 5 pairs: modes" in str(told["evidence"])
    assert "with Packing, 2 samples; the untreated twins" in str(told["evidence"])
    checked(app.run())
    assert "Carried over: the generator" in said(app)
    assert "Packing" in "\n".join(html.proto.body for html in app.get("html"))


@pytest.mark.usefixtures("short")
def test_a_second_remedy_begins_at_the_same_moment_and_has_the_same_twin_at_the_same_iteration() -> None:
    app, collapsed = examined()
    press(app, "try_r1")
    first, twin = run_of(app.session_state["trial"].shown), run_of(app.session_state["trial"].twin)
    ended(first), ended(twin)
    press(checked(app.run()), "collapse_train")  # on to twice as many iterations
    ended(first), ended(twin)
    collapsed.step()  # by hand, on another page: no remedy goes on from there
    press(app, "try_noise")
    second = ended(run_of(app.session_state["trial"].shown))
    assert second.origin is not None
    assert first.origin is not None
    assert second.origin.checkpoint is first.origin.checkpoint
    assert run_of(app.session_state["trial"].twin) is twin is second.twin
    assert (second.since, ended(twin).since) == (6, 12)
    assert verdict_of(second)["at"] == 6, "not where the twin has come to"
    assert list(app.session_state["trial"].remedies) == [first.id, second.id]

    again = opened(**app.query_params)
    assert again.session_state["trial"] == app.session_state["trial"]


@pytest.mark.usefixtures("short")
def test_after_a_moment_that_was_lost_the_next_remedy_begins_at_another_one() -> None:
    app, collapsed = examined()
    press(app, "try_r1")
    first = run_of(app.session_state["trial"].twin)
    assert isinstance(first, TrialRun)
    first.moment = TrialMoment(collapsed.id, lost := Future())
    lost.cancel()
    press(app, "try_noise")
    twin, remedied = (run_of(getattr(app.session_state["trial"], name)) for name in ("twin", "shown"))
    assert twin is not first
    assert ended(remedied).twin is ended(twin)
    assert list(app.session_state["trial"].remedies) == [remedied.id]


@pytest.mark.usefixtures("short")
def test_a_run_that_was_changed_by_hand_is_not_compared_any_more() -> None:
    app, _ = examined()
    press(app, "try_r1")
    run = ended(run_of(app.session_state["trial"].shown))
    run.change(lr_g=1e-5)
    told = verdict_of(run)
    assert told["changed"]
    assert "effect" not in told


@pytest.mark.usefixtures("short")
def test_networks_that_are_not_trained_together_make_one_pair_and_say_so() -> None:
    app = opened(x="data:ring,latent_dim:2,g_width:8,d_width:8,batch_size:16,lecam_weight:0.1")
    press(app, "examine")
    press(app, "try_r1")
    run = ended(run_of(app.session_state["trial"].shown))
    told = verdict_of(run)
    assert all(len(look.modes) == 1 for look in run.looks.values())
    assert "one pair" in str(told["evidence"])
    assert "There is one pair only" in str(told["note"])
    assert told["effect"] == "not yet decided"


def test_a_remedy_says_all_settings_that_it_changes_and_why() -> None:
    app, collapsed = examined()
    assert "Changes 7 settings: Loss: Wasserstein" in said(app)
    assert "Changes D packing: 2." in said(app)
    press(app, "try_wgan-gp")
    ended_or_not = run_of(app.session_state["trial"].shown)
    ended_or_not.pause()
    table = "\n".join(html.proto.body for html in checked(app.run()).get("html"))
    for name in ended_or_not.experiment.differences(collapsed.experiment):
        assert BY_NAME["wgan-gp"].why[name].partition("'")[0] in table


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
    assert "runs are open, and all of them are in use" in said(app)


def test_the_figures_of_remedies_come_from_the_benchmarks_file() -> None:
    path = Path(__file__).parents[2] / results.FILE
    found = json.loads(path.read_text())
    assert found["settings"] == BLOBS.differences()
    assert results.measured().keys() <= BY_NAME.keys()
    for name, known in results.measured().items():
        row = found["remedies"][name]
        assert row["changes"] == dict(BY_NAME[name].changes(BLOBS))
        effects = [run["effect"] for run in row["runs"]]
        said = known.sentence.lower()
        assert all(f"{effect}: {effects.count(effect)} of {len(effects)}" in said for effect in effects)
        twins = found["remedies"]["none"]["runs"]
        for run, twin in zip(row["runs"], twins[: len(row["runs"])], strict=True):
            sides = [TrialCounts(*(np.array(side[what], float) for what in ("modes", "good"))) for side in (run, twin)]
            assert run["effect"] == effect_of(*sides, all_modes=3, iterations=found["steps"])
