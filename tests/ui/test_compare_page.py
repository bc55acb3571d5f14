"""The Compare page through AppTest: its runs, what may be done with them, and what it says of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ganlab.experiment import Experiment
from ganlab.presets import PRESETS
from ganlab.runs import Run, State
from ganlab.runs import lab as lab_module
from ganlab.ui import session
from ganlab.ui.compare.table import differing
from tests.patience import PATIENCE

PAGE = Path(__file__).parents[2] / "pages" / "compare.py"
SMALL = "g_width:8,d_width:8,batch_size:16"


@pytest.fixture(autouse=True)
def _no_run_left_behind() -> Iterator[None]:
    yield
    for run in session.lab().runs():
        session.lab().remove(run.id)


def opened(*links: str, names: tuple[str, ...] = (), **query: Any) -> AppTest:
    """The page with a run for each of these links, the first of them the tab's own."""
    app = AppTest.from_file(str(PAGE), default_timeout=PATIENCE)
    ids = [f"gone{i}" for i in range(len(links))]
    address = {"x": links[0], "run": ids[0], "runs": ",".join(ids), "like": list(links), "name": list(names)} | query
    for name, value in address.items():
        app.query_params[name] = value
    return checked(app.run())


def checked(app: AppTest) -> AppTest:
    assert not app.exception
    return app


def press(app: AppTest, key: str) -> None:
    checked(app.button(key=key).click().run())


def runs(app: AppTest) -> list[Run]:
    """The tab's runs in their order."""
    found = [session.lab().get(key) for key in app.session_state["tab"].labels]
    assert None not in found
    return found  # type: ignore[return-value]


def names(app: AppTest) -> list[str]:
    return [box.value for box in app.text_input]


def shown(app: AppTest) -> str:
    return "\n".join(html.proto.body for html in app.get("html"))


def said(app: AppTest) -> list[str]:
    return [str(element.value) for element in (*app.warning, *app.info, *app.error, *app.caption)]


def test_a_link_opens_runs_with_its_settings_and_names() -> None:
    app = opened(SMALL, f"{SMALL},lr_g:0.01", names=("Sick", "Cured"))
    assert names(app) == ["Sick", "Cured"]
    assert [run.experiment.lr_g for run in runs(app)] == [Experiment().lr_g, 0.01]
    assert any("A run in this link is gone" in text for text in said(app))


def test_a_reload_finds_the_same_runs() -> None:
    app = opened(SMALL, f"{SMALL},lr_g:0.01", names=("Sick", "Cured"))
    again = AppTest.from_file(str(PAGE), default_timeout=PATIENCE)
    for name, value in app.query_params.items():
        again.query_params[name] = value
    checked(again.run())
    assert runs(again) == runs(app)
    assert names(again) == ["Sick", "Cured"]
    assert not again.warning


def test_an_address_brings_stored_runs_back_after_the_app_was_closed() -> None:
    app = opened(SMALL, f"{SMALL},lr_g:0.01", names=("Sick", "Cured"))
    trained = runs(app)[1]
    trained.step()
    assert trained.ask(lambda trainer: trainer.iteration).result(PATIENCE) == 1
    session.lab().close()
    session.lab.cache_clear()
    again = AppTest.from_file(str(PAGE), default_timeout=PATIENCE)
    for name, value in app.query_params.items():
        again.query_params[name] = value
    checked(again.run())
    assert (runs(again)[1].id, runs(again)[1].iteration) == (trained.id, 1)
    assert names(again)[1] == "Cured"


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"runs": "gone0,nobody", "like": [SMALL]}, "A run in this link is gone (deleted, or trained"),
        ({"runs": "gone0,nobody", "like": [SMALL, "lr_g:fast"]}, "A run in this link can't be opened again. "),
    ],
)
def test_an_address_that_leads_nowhere_is_explained(query: dict[str, Any], sentence: str) -> None:
    app = opened(SMALL, **query)
    assert len(runs(app)) == 1
    assert any(sentence in text for text in said(app))


def test_presets_are_opened_beside_what_is_there() -> None:
    app = opened(SMALL)
    chosen = ["ring-wgan-gp", "moons-ls"]
    for name in chosen:
        app.selectbox(key="add_preset").select(name).run()
    assert [run.experiment for run in runs(app)][1:] == [PRESETS[name].experiment for name in chosen]
    assert names(app)[1:] == [PRESETS[name].title for name in chosen]
    assert app.selectbox(key="add_preset").value is None


def test_a_saved_run_is_opened_beside_what_is_there() -> None:
    twin, saved = (runs(opened(SMALL))[0] for _ in range(2))  # alike but for their ids
    for run in (twin, saved):
        run.step()
        assert run.ask(lambda trainer: trainer.iteration).result(PATIENCE) == 1
    session.lab().close()
    session.lab.cache_clear()
    app = opened(SMALL)
    app.selectbox(key="add_saved").select(saved.id).run()
    assert not app.exception
    assert [run.id for run in runs(app)][1:] == [saved.id]
    assert runs(app)[1].iteration == 1
    assert saved.id not in app.selectbox(key="add_saved").options


def test_a_copy_goes_on_with_another_setting_or_starts_afresh() -> None:
    app = opened(SMALL)
    original = runs(app)[0]
    original.step()
    assert original.ask(lambda trainer: trainer.iteration).result(PATIENCE) == 1
    for start in ("now", "untrained"):
        checked(app.multiselect(key="copy_fields").set_value(["loss"]).run())
        checked(
            app.selectbox(key=f"setting_loss.{app.session_state['generations']['setting_loss']}").select("hinge").run()
        )
        app.radio(key="copy_start").set_value(start)
        press(app, "add_copy")
    ahead, afresh = runs(app)[1:]
    assert ahead.ask(lambda trainer: trainer.iteration).result(PATIENCE) == 1
    assert afresh.ask(lambda trainer: trainer.iteration).result(PATIENCE) == 0
    assert ahead.experiment == afresh.experiment == original.experiment.changed(loss="hinge")


def test_a_run_is_renamed_hidden_and_removed() -> None:
    app = opened(SMALL, f"{SMALL},lr_g:0.01", f"{SMALL},lr_g:0.02")
    first, second, third = runs(app)
    app.text_input[1].set_value("Middle <b>one</b>").run()
    assert "Middle &lt;b&gt;one&lt;/b&gt;" in shown(app)
    press(app, f"hide_{second.id}")
    assert "Middle" not in shown(app)
    press(app, "train_all")
    assert (first.state, second.state, third.state) == (State.RUNNING, State.READY, State.RUNNING)
    press(app, "pause_all")
    assert first.state is State.PAUSED
    press(app, "reset_all")
    assert first.state is State.READY
    press(app, f"remove_{second.id}")
    assert runs(app) == [first, third]
    press(app, f"remove_{first.id}")
    assert app.session_state["tab"].run is third
    assert f"remove_{third.id}" not in [button.key for button in app.button]


def test_the_table_shows_only_the_settings_that_differ() -> None:
    app = opened(SMALL, f"{SMALL},lr_g:0.01,unroll_steps:5")
    rows = differing([run.experiment for run in runs(app)])
    assert rows == {"lr_g": ("0.001", "0.01"), "unroll_steps": ("off", "5")}
    table = shown(app)
    assert "G learning rate" in table and "0.01" in table
    assert "Batch size" not in table


def test_a_setting_without_effect_is_left_blank() -> None:
    plain, gp = Experiment.of(schedule_g="constant", schedule_steps_g=50), Experiment.of(schedule_g="linear")
    assert differing([plain, gp])["schedule_steps_g"][0] == ""


def test_a_full_lab_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(SMALL)
    runs(app)[0].play()
    monkeypatch.setattr(lab_module, "MOST_RUNS", 1)
    app.selectbox(key="add_preset").select("ring-ns").run()
    assert len(runs(app)) == 1
    assert any("are open, and all of them are in use" in text for text in said(app))


@pytest.mark.parametrize(
    ("other", "same"),
    [("lr_g:0.01", True), ("seed:1", False), ("latent_dim:3", False), ("latent_distribution:uniform", False)],
)
def test_it_says_whether_runs_are_shown_with_the_same_latents(other: str, same: bool) -> None:
    app = opened(SMALL, f"{SMALL},{other}")
    assert any("All runs are shown with the same latents" in text for text in said(app)) is same
    assert any("only if they have the same seed" in text for text in said(app)) is not same
