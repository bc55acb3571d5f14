"""What somebody gets who has the link that only watches."""

from __future__ import annotations

import json

from streamlit.testing.v1 import AppTest

from ganlab.runs import Run
from ganlab.ui import session, stored
from tests.ui.page import SMALL, opened, run_of, trained


def links(app: AppTest) -> list[str]:
    return [code.value for code in app.code if "localhost" in code.value]


def watching(run: Run) -> AppTest:
    return opened(watch=stored.watch_ids().of(run.id))


def everything(app: AppTest) -> str:
    """All that the page holds, as one text."""
    return str(app.main) + str(app.sidebar) + json.dumps({key: str(app.query_params[key]) for key in app.query_params})


def test_share_offers_a_link_that_watches_and_one_that_commands() -> None:
    app = opened(x=SMALL)
    run = run_of(app)
    watch, command = links(app)[-2:]
    assert run.id not in watch and stored.watch_ids().of(run.id) in watch
    assert run.id in command


def test_a_watcher_sees_the_run_and_nothing_that_acts() -> None:
    run = trained(opened(x=SMALL))
    app = watching(run)
    assert [button.key for button in app.button] == ["begin_presenting"], "which changes only this page"
    assert not app.selectbox and not app.toggle
    assert "tab" not in app.session_state
    assert "watching a run" in app.caption[0].value
    assert stored.watch_ids().of(run.id) in everything(app) and run.id not in everything(app)


def test_the_socket_of_a_watcher_shows_the_run_and_its_questions_are_not_answered() -> None:
    run = run_of(opened(x=SMALL))
    watch_id = stored.watch_ids().of(run.id)
    assert session.sight_of(watch_id) == session.sight_of(run.id) == run.id
    assert session.lab().get(watch_id) is None  # which is where questions and commands look


def test_a_run_that_was_put_away_is_brought_back_to_be_watched() -> None:
    run = trained(opened(x=SMALL), iterations=5)
    watch_id, iteration = stored.watch_ids().of(run.id), run.iteration
    session.lab().close()
    session.lab.cache_clear()
    opened(watch=watch_id)
    found = session.lab().get(run.id)
    assert found is not None and found.iteration == iteration


def test_an_unknown_link_says_what_may_have_happened() -> None:
    app = opened(watch="0123")
    assert "may have been deleted" in app.info[0].value
    assert not app.exception
    run = run_of(opened(x=SMALL))
    assert "may have been deleted" in opened(watch=run.id).info[0].value  # a command link is not for watching
