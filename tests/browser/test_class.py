"""A lesson: a teacher and three students in four browsers, on a server that is started again in the middle of it."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from ganlab.classroom.state import ClassState, read
from tests.browser.conftest import PATIENCE, UNHURRIED, TrainPage
from tests.serving import Server, serving

CLASS = ("--class", "--host", "127.0.0.1")
SMALL = "?x=g_width:8,d_width:8"


@pytest.fixture
def people(browser: Browser) -> Iterator[list[BrowserContext]]:
    with ExitStack() as ends:
        contexts = [ends.enter_context(closing(browser.new_context())) for _ in range(4)]
        for each in contexts:
            each.set_default_timeout(PATIENCE)
        yield contexts


def class_of(folder: Path) -> ClassState:
    state = read(folder)
    assert state is not None
    return state


def joined(person: BrowserContext, server: Server, code: str) -> TrainPage:
    """A student who types the code and comes to a page of the lab."""
    page = person.new_page()
    page.goto(f"{server.address}/")
    page.get_by_label("Type the code").fill(code.lower())
    page.get_by_role("button", name="Join").click()
    student = TrainPage(page, server)
    expect(student.play).to_be_visible()
    return student.open(SMALL)


def bar(page: Page) -> Locator:
    """What a page of the lab says about the class."""
    return page.locator(".ganlab-class")


def of_a_seat(board: Page, name: str, action: str) -> None:
    """Choose what to do with a seat, in the menu of its tile."""
    tile = board.get_by_role("article").filter(has_text=name)
    tile.locator("summary").click()
    tile.get_by_role("button", name=action).click()


def in_new_tab(student: TrainPage, link: str) -> TrainPage:
    """What a link of the class's bar opens, beside the student's own run."""
    with student.page.context.expect_page() as opened:
        bar(student.page).get_by_role("link", name=link).click()
    return TrainPage(opened.value, student.server)


@pytest.mark.timeout(900)  # four browsers on a busy machine
def test_a_lesson(people: list[BrowserContext], tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    with serving(tmp_path / "log.txt", *CLASS, first=UNHURRIED, GANLAB_RUNS=str(runs)) as server:
        state = class_of(runs)
        board = people[0].new_page()
        board.goto(f"{server.address}/class/teacher#{state.key}")
        expect(board.locator("p.code")).to_have_text(state.code)
        assert state.key not in board.url
        first, second, third = (joined(person, server, state.code) for person in people[1:])
        expect(board.locator(".tile")).to_have_count(3)
        names = [seat.name for seat in class_of(runs).seats]
        expect(bar(first.page)).to_contain_text(names[0])

        # Each sees and opens only one's own runs.
        first.play.click()
        first.beyond(20)
        expect(board.get_by_role("article").filter(has_text=names[0])).to_contain_text("Training")
        second.page.goto(f"{server.address}/?run={first.run_id}")
        expect(second.page.get_by_text("not stored here")).to_be_visible()
        assert second.page.goto(f"{server.address}/class/board").status == 403  # type: ignore[union-attr]

        # The teacher pauses the class: the run stands still, keeps its state, and goes on by itself.
        board.get_by_role("button", name="Pause the class").click()
        expect(bar(first.page)).to_contain_text("has paused the class")
        first.in_state("Held: the class is paused")
        held = first.iteration
        first.page.get_by_role("button", name=re.compile(r"^Step\b")).click()
        expect(first.page.get_by_text("no run of a student takes a step")).to_be_visible()
        lab = people[0].new_page()
        lab.goto(f"{server.address}/{SMALL}")
        teacher = TrainPage(lab, server)
        teacher.play.click()
        teacher.beyond(20)
        assert first.iteration == held
        board.get_by_role("button", name="Let the class go on").click()
        first.beyond(held)
        first.pause.click()
        first.in_state("Paused")

        # What the teacher locks is locked on the pages that are open.
        board.get_by_text("Locked settings").click()
        rates, rate = (
            board.get_by_label("Optimisers and rates"),
            first.page.get_by_role("combobox", name="G learning rate"),
        )
        rates.check()
        expect(first.page.get_by_text("has locked optimisers and rates").first).to_be_visible()
        expect(rate).to_be_disabled()
        rates.uncheck()
        expect(rate).to_be_enabled()

        # Who leaves and comes back finds the same run.
        run_id = third.run_id
        third.page.close()
        third = TrainPage(people[3].new_page(), server).open(f"?run={run_id}")
        assert third.run_id == run_id
        expect(bar(third.page)).to_contain_text(names[2])

        # What the teacher sends can be watched, and gone on from with a copy.
        teacher.pause.click()
        teacher.in_state("Paused")
        shown = teacher.iteration
        board.get_by_role("button", name="Send to all").click()
        second.page.goto(f"{server.address}/")
        in_new_tab(second, "Watch it").at(shown)
        bar(second.page).get_by_role("link", name="Work on a copy").click()
        expect(second.page.get_by_text("your own copy")).to_be_visible()
        second.at(shown)
        second.play.click()
        second.beyond(shown)
        second.pause.click()
        assert teacher.iteration == shown
        second.in_state("Paused")

        # A student's run before all eyes: to look at, on the board and on every page, first without the name.
        lit = board.get_by_role("region", name="Shown to all")
        board.get_by_role("button", name="Hide names").click()
        of_a_seat(board, "Seat 1", "Show to all")
        expect(bar(first.page)).to_contain_text("Your run is on the board.")
        assert names[0] not in bar(second.page).inner_text()
        watching = in_new_tab(second, "Watch the run")
        watching.at(first.iteration)
        expect(watching.play).to_have_count(0)
        expect(lit.frame_locator("iframe").locator(".lab")).to_have_attribute("data-iteration", str(first.iteration))
        board.get_by_role("button", name="Show the name").click()
        expect(bar(second.page)).to_contain_text(f"A run of {names[0]}")
        board.get_by_role("button", name="End the spotlight").click()
        expect(bar(second.page).get_by_role("link", name="Watch the run")).to_be_hidden()
        board.get_by_role("button", name="Show names").click()

        # Two moments of runs, shown in the order that the teacher chooses.
        for name in names[:2]:
            of_a_seat(board, name, "Pin this moment")
            expect(board.get_by_role("button", name=f"Show this moment of {name}", exact=True)).to_be_visible()
        board.get_by_role("button", name=f"Show this moment of {names[1]} earlier").click()
        shelf = board.get_by_role("region", name="Pinned moments")
        expect(shelf.locator("figcaption").first).to_contain_text(names[1])
        board.get_by_role("button", name="Show in turn").click()
        moment = board.get_by_role("region", name="A pinned moment")
        expect(moment).to_contain_text(f"Iteration {second.iteration}")
        board.keyboard.press("ArrowRight")
        expect(moment).to_contain_text(f"Iteration {first.iteration}")
        moment.get_by_role("button", name="Close").click()

        # A question: answered in a line on every page, and the tally for nobody before its time.
        board.get_by_text("Ask a question").click()
        board.get_by_label("Question", exact=True).fill("Which <b>loss</b> falls?")
        board.get_by_label("Two to six answers").fill("That of D\nThat of G")
        board.get_by_role("button", name="Ask the class").click()
        for student, answer in (
            (first, "That of D"),
            (second, "That of D"),
            (third, "That of G"),
            (first, "That of G"),
        ):
            bar(student.page).get_by_role("button", name=answer).click()
            expect(bar(student.page).locator("[aria-pressed=true]")).to_have_text(answer)
        expect(bar(first.page)).to_contain_text("Which <b>loss</b> falls?")
        asked = board.get_by_role("region", name="The question")
        expect(asked).to_contain_text("3 of 3 have answered.")
        expect(asked).not_to_contain_text("That of D: 1")
        board.get_by_role("button", name="Reveal").click()
        for page in (asked, bar(first.page), bar(second.page), bar(third.page)):
            expect(page).to_contain_text("That of D: 1")
            expect(page).to_contain_text("That of G: 2")
        board.get_by_role("button", name="Close the question").click()
        expect(bar(first.page).get_by_text("Which")).to_be_hidden()

        # A seat that is taken away is shut out at once, even of a page that stays open and presses its buttons.
        second.page.route("**/class/me", lambda route: route.abort())  # or the page would leave by itself
        left, run_id = second.iteration, second.run_id
        board.once("dialog", lambda dialog: dialog.accept())
        of_a_seat(board, names[1], "Take the seat away")
        expect(board.locator(".tile")).to_have_count(2)
        second.page.keyboard.press("Space")
        lab.goto(f"{server.address}/?run={run_id}")
        teacher.in_state("Paused")
        teacher.at(left)
        at, address = first.iteration, first.page.url.partition("?")[2]

    with serving(tmp_path / "again.txt", *CLASS, GANLAB_RUNS=str(runs)) as server:
        # Seats, runs and the board are back. (The new server has another port, which cookies pass over.)
        back = TrainPage(people[1].new_page(), server)
        back.page.goto(f"{server.address}/?{address}")
        back.at(at)
        board = people[0].new_page()
        board.goto(f"{server.address}/class/board")
        expect(board.get_by_role("article").filter(has_text=names[0])).to_contain_text(f"iteration {at}")

        # What each seat takes home.
        with board.expect_download() as download:
            board.get_by_role("link", name="Records (zip)").click()
        with zipfile.ZipFile(download.value.path()) as archive:
            (record,) = json.loads(archive.read(f"{names[0]}/runs.json"))
            assert (record["iteration"], record["settings"]["g_width"]) == (at, 8)

        # The end of the class shuts students out, not the teacher.
        board.once("dialog", lambda dialog: dialog.accept())
        board.get_by_role("button", name="End the class").click()
        expect(back.page.get_by_label("Type the code")).to_be_visible()
        expect(board.get_by_text("Nobody has joined yet.")).to_be_visible()
        assert not server.tracebacks()
