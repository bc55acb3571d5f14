"""How soon a page answers while eight runs train at once."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping
from statistics import median

from benchmarks import viewers
from benchmarks.browser import TrainPage, chromium
from benchmarks.live import PLANE_VIEWS
from benchmarks.report import Figure, Measure, Pace
from benchmarks.server import serving

RUNS = 8
CLICK_EVERY = (0.3, 0.7)  # seconds between clicks, drawn anew each time so that none keeps step with the frames


def eight_runs(pace: Pace) -> Iterator[Figure]:
    """A page watches one run, a socket each of seven others; all train, and a setting is clicked up and down.

    Its answer is the sentence above the views that counts changed settings: the server has run the whole
    page again by then.
    """
    clicks = pace.of(30, 6)
    seconds = clicks * (sum(CLICK_EVERY) / 2 + 0.3)
    with serving() as server, chromium() as browser, viewers.another_process() as elsewhere:
        page, run_ids = TrainPage(browser, server.address), []
        for _ in range(RUNS):
            page.open()  # a new session, and so a new run; the one before goes on without its page
            page.train()
            run_ids.append(page.run_id)
        audience = elsewhere.submit(viewers.keep_watching, server.address, run_ids[:-1], PLANE_VIEWS, seconds)
        time.sleep(2 * viewers.SETTLING)
        answers = clicks_answered(page, clicks)
        rates = audience.result()
    against = f"{RUNS} runs training and watched, at {min(rates):.1f} to {max(rates):.1f} frames/s a socket"
    yield Figure("lab.eight_runs.click_s", median(answers), "s", against, answers)


def clicks_answered(page: TrainPage, count: int) -> list[float]:
    """Click n_critic up and down so many times; returns the seconds that each answer took."""
    pauses, answers = random.Random(0), []
    for number in range(count):
        time.sleep(pauses.uniform(*CLICK_EVERY))
        answers.append(click_n_critic(page, up=number % 2 == 0))
    return answers


def click_n_critic(page: TrainPage, up: bool) -> float:
    """One more or one fewer update of D; returns the seconds until the page says whether a setting is changed."""
    setting = page.page.get_by_test_id("stNumberInput").filter(has=page.page.get_by_label("D n_critic"))
    step = setting.get_by_role("button", name="Increment" if up else "Decrement")
    caption = 'document.querySelector("[data-testid=stMain]").textContent.includes("1 setting changed")'
    return page.press(step, caption if up else f"!{caption}")


FIGURES: Mapping[str, Measure] = {"lab.eight_runs.click_s": eight_runs}
