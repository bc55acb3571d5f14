"""Data that are not here yet: the page opens, counts the networks' parameters, and downloads nothing by itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ganlab.choices import DOWNLOADED, OWN
from ganlab.ui import session

SHELL = Path(__file__).parents[2] / "pages" / "shell.py"


@pytest.fixture(autouse=True)
def _offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object, **__: object) -> None:
        raise AssertionError("the page asked the network")

    monkeypatch.setenv("GANLAB_CACHE", str(tmp_path))
    monkeypatch.setattr("urllib.request.urlopen", nobody)


@pytest.mark.parametrize("data", [*DOWNLOADED, *OWN])
def test_the_page_opens_without_the_data(data: str) -> None:
    app = AppTest.from_file(str(SHELL), default_timeout=30)
    app.query_params["x"] = f"data:{data}"
    app.run()
    assert not app.exception
    run = app.session_state["tab"].run
    assert run.experiment.data == data
    assert all(count > 0 for count in session.parameters(run.experiment).values())
    session.lab().remove(run.id)


def test_choosing_downloaded_images_brings_networks_that_suit_images() -> None:
    app = AppTest.from_file(str(SHELL), default_timeout=30).run()
    next(box for box in app.selectbox if box.label == "Real data").set_value("mnist").run()
    assert not app.exception
    run = app.session_state["tab"].run
    assert (run.experiment.data, run.experiment.generator) == ("mnist", "dcgan")
    session.lab().remove(run.id)
