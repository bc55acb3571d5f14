"""How long a person waits on the latent page: from a slider's move to the new picture."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from statistics import median

from playwright.sync_api import Browser

from benchmarks.browser import TrainPage, chromium
from benchmarks.report import Figure, Measure, Pace
from benchmarks.server import Server, serving
from ganlab.experiment import Experiment
from ganlab.presets import PRESETS

TRAINING = 3.0  # seconds before the latent page is opened
MOVES = 20
DIGITS = PRESETS["digits-dcgan"].experiment
IMAGES_64 = PRESETS["shapes-dcgan-r1"].experiment.changed(image_size=64)

# Moves the first direction's slider in the page itself, and waits until the new picture has been painted.
MOVE = """
(value) => new Promise((resolve) => {
  const view = bench.lab();
  const slider = view.querySelector(".direction input[type=range]");
  const before = view.dataset.drawn;
  const start = performance.now();
  slider.value = String(value);
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  const look = () => view.dataset.drawn !== before
    ? requestAnimationFrame(() => resolve(performance.now() - start))
    : requestAnimationFrame(look);
  look();
})
"""


def moves(experiment: Experiment, name: str, *, training: bool) -> Measure:
    """Measures the moves of a slider on a run of this experiment, paused or while it trains."""

    def measure(pace: Pace) -> Iterator[Figure]:
        with serving() as server, chromium() as browser:
            taken = _moves(server, browser, experiment, pace.of(MOVES, 3), training=training)
        doing = "while it trains" if training else "paused"
        against = f"{experiment.data}, {doing}: from a slider's move to the new picture"
        yield Figure(name, median(taken), "ms", against, taken)

    return measure


def _moves(server: Server, browser: Browser, experiment: Experiment, count: int, *, training: bool) -> list[float]:
    page = TrainPage(browser, server.address)
    page.open(f"?x={experiment.to_link()}")
    page.train()
    time.sleep(TRAINING)
    if not training:
        page.pause()
    page.page.get_by_role("link", name="Latent").click()
    page.page.get_by_role("button", name="Directions", exact=True).click()
    page.page.get_by_role("button", name="SeFa", exact=True).click()
    page.page.get_by_role("slider", name="Factor 1", exact=True).wait_for()
    time.sleep(1)  # until what the tab itself asked for has been drawn
    taken = [float(page.page.evaluate(MOVE, -4 + 8 * i / count)) for i in range(count)]
    page.close()
    return taken


FIGURES: Mapping[str, Measure] = {
    name: moves(experiment, name, training=training)
    for name, experiment, training in (
        ("latent.digits.move_ms", DIGITS, False),
        ("latent.digits.training.move_ms", DIGITS, True),
        ("latent.images_64.move_ms", IMAGES_64, False),
    )
}
