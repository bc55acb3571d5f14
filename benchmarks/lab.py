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
    clicks, pauses = pace.of(30, 6), random.Random(0)
    seconds = clicks * (sum(CLICK_EVERY) / 2 + 0.3)
    with serving() as server, chromium() as browser, viewers.another_process() as elsewhere:
        others = []
        for _ in range(RUNS - 1):
            page = TrainPage(browser, server.address)
            page.open()
            others.append(page.run_id)
            page.train()
            page.close()
        page = TrainPage(browser, server.address)
        page.open()
        page.train()
        audience = elsewhere.submit(viewers.keep_watching, server.address, others, PLANE_VIEWS, seconds)
        time.sleep(2 * viewers.SETTLING)
        answers = []
        for number in range(clicks):
            time.sleep(pauses.uniform(*CLICK_EVERY))
            answers.append(click_n_critic(page, up=number % 2 == 0))
        rates = audience.result()
    against = f"{RUNS} runs training and watched, at {min(rates):.1f} to {max(rates):.1f} frames/s a socket"
    yield Figure("lab.eight_runs.click_s", median(answers), "s", against, answers)


def click_n_critic(page: TrainPage, up: bool) -> float:
    """One more or one fewer update of D; returns the seconds until the page says whether a setting is changed."""
    step = page.page.locator(".st-key-setting_n_critic").get_by_test_id(f"stNumberInputStep{'Up' if up else 'Down'}")
    caption = 'document.querySelector(".st-key-watch, section.stMain").textContent.includes("1 setting changed")'
    return page.press(step, caption if up else f"!{caption}")


FIGURES: Mapping[str, Measure] = {"lab.eight_runs.click_s": eight_runs}
