"""The export page: a card for each form, and what came of each press."""

from __future__ import annotations

import io
import zipfile
from concurrent.futures import Future

import pytest
from streamlit.testing.v1 import AppTest

from ganlab.experiment.choices import EXPORTS
from ganlab.export.files import CannotExport
from ganlab.export.formats import FORMATS, Format
from ganlab.runs import Run
from ganlab.ui.export.export_job import ExportJob
from tests.patience import PATIENCE
from tests.ui.page import opened, run_of

SMALL = "g_width:8,d_width:8,batch_size:16"


def export_page() -> tuple[AppTest, Run]:
    """The page of a small run."""
    app = opened(x=SMALL)
    app.switch_page("export.py").run()
    assert not app.exception
    return app, run_of(app)


def exported(app: AppTest, key: str) -> ExportJob:
    """Press, wait for the end, and look again."""
    app.button(key=f"export_{key}").click().run()
    job: ExportJob = app.session_state["exports"][run_of(app).id][key]
    job.wait(PATIENCE)
    app.run()
    assert not app.exception
    return job


def test_its_address_leads_back_to_the_run_and_what_there_is_to_say_is_said() -> None:
    app, run = export_page()
    assert app.query_params["run"] == run.id
    app.session_state["tab"].notices.append("Runs can't be saved now.")
    app.run()
    assert [warning.value for warning in app.warning] == ["Runs can't be saved now."]


def test_exports_of_a_run_that_left_the_tab_are_let_go() -> None:
    app, run = export_page()
    exported(app, "csv")
    app.session_state["exports"]["gone"] = {}
    app.run()
    assert list(app.session_state["exports"]) == [run.id]
    assert list(app.session_state["exports"][run.id]) == ["csv"]


def test_every_form_has_a_card_that_says_what_it_is_for() -> None:
    app, _ = export_page()
    said = " ".join(element.value for element in (*app.caption, *app.markdown))
    for name in EXPORTS:
        assert FORMATS[name].purpose in said
        assert app.button(key=f"export_{name}").label == "Export"
    assert "not trained yet" in app.info[0].value


def test_weights_come_checked_with_the_lines_that_load_them() -> None:
    app, run = export_page()
    run.step()
    job = exported(app, "weights")
    assert job.iteration == 1
    assert sorted(zipfile.ZipFile(io.BytesIO(job.content)).namelist()) == ["experiment.json", "generator.safetensors"]
    assert any("to the last bit" in caption.value for caption in app.caption)
    assert "load_generator" in app.code[0].value


def test_a_form_that_can_not_be_had_says_why_and_the_others_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> str:
        raise CannotExport("The page does not know the operation aten.flip.")

    few = {"csv": FORMATS["csv"], "html": Format("html", "", "", refuse)}
    monkeypatch.setattr("ganlab.ui.export.export_job.FORMATS", few)
    monkeypatch.setattr("ganlab.ui.export.export_page.EVERY", tuple(few))
    app, _ = export_page()
    job = exported(app, "everything")
    assert job.name.endswith(".csv")
    assert "does not know the operation aten.flip" in app.warning[0].value


def test_a_run_that_is_reset_meanwhile_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    app, run = export_page()
    monkeypatch.setattr(type(run), "record", lambda run: cancelled())
    job = exported(app, "csv")
    assert "reset or closed" in str(job.problem)
    assert "reset or closed" in app.error[0].value


def cancelled() -> object:
    future: Future[object] = Future()
    future.cancel()
    return future
