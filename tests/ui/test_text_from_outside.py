"""What came from an address, a person or a file is shown as text, wherever it is shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ganlab.runs import State
from ganlab.runs.fork import Origin
from ganlab.ui import stored
from ganlab.ui.plain import plain
from ganlab.ui.sweep.plan import OWN
from tests.patience import PATIENCE
from tests.ui.page import SMALL, choose, opened, press, run_of, trained, until

PAGES = Path(__file__).parents[2] / "pages"
EVIL = "![p](//evil.example/p.png) [a](//evil.example) <b> :red[b] $x$"
KINDS = ("markdown", "caption", "warning", "error", "info", "success")


def shown(app: AppTest) -> list[str]:
    """Everything on the page that is read as Markdown and speaks of the evil example."""
    found = [element.value for kind in KINDS for element in getattr(app, kind)]
    found += [button.label for button in app.button]
    return [text for text in found if "evil" in text]


def is_text(app: AppTest) -> bool:
    found = shown(app)
    assert found, "it is shown nowhere"
    return not any(sign in text for text in found for sign in ("![p](", " [a](", " <b", ":red[", " $x"))


def page(file: str, **query: str) -> AppTest:
    app = AppTest.from_file(str(PAGES / file), default_timeout=PATIENCE)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def test_an_experiment_in_an_address() -> None:
    assert is_text(opened(x=EVIL))
    assert is_text(opened(x=f"data:{EVIL}"))


def test_a_value_that_was_typed() -> None:
    app = opened(x=SMALL)
    choose(app, "g_width", EVIL)
    assert is_text(app)


@pytest.mark.parametrize("state", [State.FAILED, State.PAUSED])
def test_why_a_run_holds(state: State) -> None:
    app = opened(x=SMALL)
    run_of(app).state, run_of(app).message = state, EVIL
    assert is_text(app.run())


def test_what_a_watcher_sees() -> None:
    run = trained(opened(x=SMALL))
    run.name, run.state, run.message = EVIL, State.PAUSED, EVIL
    app = opened(watch=stored.watch_ids().of(run.id))
    assert is_text(app)
    assert len(shown(app)) == 2, "the name and the message"


def test_what_a_copy_took_over() -> None:
    app = page("compare.py", x=SMALL)
    run_of(app).origin = Origin("", 3, EVIL)
    assert is_text(app.run())


def test_the_name_of_a_run() -> None:
    app = opened(x=SMALL)
    trained(app).rename(EVIL)

    def is_listed() -> bool:
        """It is saved beside the training, which may take a moment."""
        press(app, "your_runs")
        return bool(shown(app))

    until(is_listed)
    assert is_text(app)


def test_the_name_and_the_settings_of_a_run_on_another_page() -> None:
    app = page("compare.py", x=SMALL, runs="gone", like=f"data:{EVIL}", name=EVIL)
    assert is_text(app)


def test_values_for_a_wall() -> None:
    app = page("sweep.py", x=SMALL)
    app.selectbox(key="sweep_wall").select(OWN).run()
    next(box for box in app.text_input if "lr_g" in str(box.key)).input(EVIL).run()
    assert is_text(app)


def test_numbers_that_were_pasted() -> None:
    app = opened(x=SMALL)
    press(app, "own_data")
    app.text_area(key="own_text").input(EVIL).run()
    assert is_text(app)


@pytest.mark.parametrize(
    "text", ["- a", "# a", "1. a", "=", "> a", "_a_", "www.evil.example", "https://e.example", "a\n\n    b"]
)
def test_no_sign_of_markdown_is_left(text: str) -> None:
    said = plain(text)
    assert "\n" not in said
    assert "\\" in said or text == "a\n\n    b"


def test_field_names_and_numbers_stay_as_they_are() -> None:
    assert plain("lr_g is 3e-4: it must be 0.1 at most (see g_width).") == (
        "lr_g is 3e-4: it must be 0.1 at most (see g_width)."
    )
