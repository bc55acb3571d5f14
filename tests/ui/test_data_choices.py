"""Data that are not here yet: nothing is downloaded unasked, and nothing is lost on the way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ganlab import data
from ganlab.data import DataUnavailable
from ganlab.data.downloads import Progress
from ganlab.experiment import Experiment
from ganlab.experiment.choices import DOWNLOADED, OWN
from ganlab.presets import DEFAULT
from ganlab.runs import Run
from ganlab.training.size import parameter_counts
from ganlab.ui import session
from tests.patience import PATIENCE

SHELL = Path(__file__).parents[2] / "pages" / "shell.py"
ELSEWHERE = "0123456789abcdef" * 4


@pytest.fixture(autouse=True)
def _offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def nobody(*_: object, **__: object) -> None:
        raise AssertionError("the page asked the network")

    monkeypatch.setenv("GANLAB_CACHE", str(tmp_path))
    monkeypatch.setattr("urllib.request.urlopen", nobody)
    yield
    for run in session.lab().runs():
        session.lab().remove(run.id)


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(str(SHELL), default_timeout=PATIENCE)
    for name, value in query.items():
        app.query_params[name] = value
    return checked(app.run())


def checked(app: AppTest) -> AppTest:
    assert not app.exception
    return app


def choose(app: AppTest, value: str) -> None:
    checked(next(box for box in app.selectbox if box.label == "Real data").set_value(value).run())


def run_of(app: AppTest) -> Run:
    run = app.session_state["tab"].run
    assert isinstance(run, Run)
    return run


def download_ended(app: AppTest) -> None:
    app.session_state["download_under_way"][1].wait(PATIENCE)
    checked(app.run())


class Source:
    """Stands in for a public data set: it arrives when it is let, or not at all."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, problem: str = "") -> None:
        self.problem = problem
        self.arrived = False
        self.let, self.given_up = threading.Event(), threading.Event()
        monkeypatch.setattr(data, "is_here", lambda e: self.arrived or e.data not in DOWNLOADED)
        monkeypatch.setattr(data, "prepare", self.prepare)
        monkeypatch.setattr("ganlab.runs.run.Run.refresh", lambda _: None)  # what stands in can't be trained on

    def prepare(self, _: Experiment, progress: Progress) -> None:
        if self.problem:
            raise DataUnavailable(self.problem)
        try:
            while not self.let.wait(0.01):
                progress("Downloading", 0.25)
        except BaseException:
            self.given_up.set()
            raise
        self.arrived = True


@pytest.mark.parametrize("name", [*DOWNLOADED, *OWN])
def test_a_link_to_data_that_are_not_here_asks_for_them_and_trains_the_default_meanwhile(name: str) -> None:
    app = opened(x=f"data:{name}")
    assert run_of(app).experiment == DEFAULT.experiment
    assert app.session_state["tab"].wanted.experiment.data == name
    assert all(count > 0 for count in parameter_counts(app.session_state["tab"].wanted.experiment).values())


@pytest.mark.parametrize("name", OWN)
def test_a_link_to_somebody_elses_data_says_so(name: str) -> None:
    app = opened(x=f"data:{name},own_data:{ELSEWHERE}")
    assert ELSEWHERE[:8] in app.warning[0].value
    assert "not on this computer" in app.warning[0].value


@pytest.mark.parametrize("name", DOWNLOADED)
def test_what_a_download_is_stands_before_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Source(monkeypatch)
    app = opened()
    before = run_of(app)
    choose(app, name)
    known = data.published(Experiment(data=name))  # type: ignore[arg-type]
    assert known is not None
    assert any(known.reference in caption.value for caption in app.caption)
    assert f"{sum(file.size for file in known.files) / 1e6:,.0f} MB" in app.button(key="download").label
    assert run_of(app) is before
    checked(app.button(key="keep_present").click().run())
    assert run_of(app) is before
    assert "download" not in {button.key for button in app.button}


def test_a_download_starts_the_run_it_was_for(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(monkeypatch)
    app = opened()
    before = run_of(app)
    choose(app, "mnist")
    checked(app.button(key="download").click().run())
    assert app.button(key="cancel_download")
    assert run_of(app) is before
    source.let.set()
    download_ended(app)
    assert (run_of(app).experiment.data, run_of(app).experiment.generator) == ("mnist", "dcgan")
    choose(app, "ring")
    choose(app, "fashion_mnist")
    assert run_of(app).experiment.data == "fashion_mnist", "what is here is not asked for"


def test_a_download_can_be_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(monkeypatch)
    app = opened()
    before = run_of(app)
    choose(app, "cifar10")
    checked(app.button(key="download").click().run())
    checked(app.button(key="cancel_download").click().run())
    assert source.given_up.wait(PATIENCE)
    assert run_of(app) is before
    assert app.session_state["tab"].wanted is None


def test_offline_there_is_one_sentence_and_the_data_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(monkeypatch, problem="KMNIST could not be downloaded.")
    app = opened()
    before = run_of(app)
    choose(app, "kmnist")
    checked(app.button(key="download").click().run())
    download_ended(app)
    assert [error.value for error in app.error] == [source.problem]
    assert app.button(key="download").label == "Try again"
    checked(app.button(key="keep_present").click().run())
    assert run_of(app) is before
    assert run_of(app).experiment.data == "ring"
