"""Walk-through 3: gradient descent by two players, in the Dirac game and on the ring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ganlab.experiment import Experiment
from ganlab.presets.dirac import game
from ganlab.presets.walkthroughs.walkthrough import Step, Walkthrough

RING: Mapping[str, Any] = {
    "data": "ring", "loss": "symmetric", "latent_dim": 2, "batch_size": 128, "g_width": 64, "d_width": 64,
}  # fmt: skip


def both(**values: Any) -> dict[str, Any]:
    """Returns these settings for both players."""
    return {f"{name}_{role}": value for name, value in values.items() for role in ("g", "d")}


WALKTHROUGH = Walkthrough(
    number=3,
    title="Gradient descent",
    shows="x ← x - α ∇f(x) rolls down one landscape. Here are two players, and each of them changes the landscape of "
    "the other: first with one number each (the Dirac game), then as networks on the ring.",
    watch="In the Dirac game: the path, and its distance to the equilibrium. The arrows point around the middle, not "
    "at it, and no learning rate changes that.",
    ours="D: -E log D(x) - E log(1 - D(G(z))); G: -E log(1 - D(x)) - E log D(G(z)), on the ring as published. In the "
    "Dirac game G has the minimax loss, the exact opposite of D's loss: there the circles are clearest.",
    wrongly=(
        "“The symmetric loss makes it a zero-sum game, and both its terms train G.” The two losses do not add up to "
        "zero, and the first term does not depend on G: its gradient is 0, and G learns as with the usual loss.",
        "“G aims at D(G(z)) = 0.5.” That is where the game ends if D is at its best; what G's loss aims at is 1.",
        "“GAN losses are discontinuous.” In the weights they are continuous. What jumps is the Jensen-Shannon distance "
        "of two distributions that do not overlap, which only a perfect D would show (Arjovsky and Bottou 2017).",
        "“Labels of ones for both, and G towards zeros.” So D learns only to say real, and G moves away from the data.",
        "“With a small enough learning rate gradient descent converges.” On one landscape. In the minimax game a "
        "smaller rate only makes the players circle more slowly.",
    ),
    questions=(
        "What makes the players turn inwards: a penalty on D's slope, or another optimiser?",
        "Why does a learning rate that decays stop the path without bringing it to the middle?",
    ),
    steps=(
        Step(
            "walk-3-as-given",
            "labels as published",
            "Ones for both and G towards zeros: D's loss goes to 0 and looks perfect, while G runs from the ring.",
            Experiment.of(**RING, mistake="ones_for_both"),
        ),
        Step(
            "walk-3-right",
            "labels corrected",
            "The symmetric loss under Adam. The aim is right, but the players still throw each other about.",
            Experiment.of(**RING),
        ),
        Step(
            "walk-3-penalty",
            "with a penalty",
            "The same with R1 of 0.1, which flattens D at the data: now the samples come to the ring.",
            Experiment.of(**RING, r1_weight=0.1),
        ),
        Step(
            "walk-3-circle",
            "why it circles",
            "One number for each player, plain gradient descent at 0.2: they circle, neither nearer nor farther.",
            game(max_steps=1_000),
        ),
        Step(
            "walk-3-too-small",
            "a rate too small",
            "At 0.01 the circle is the same, and 500 steps do not make it once round.",
            game(**both(lr=0.01)),
        ),
        Step(
            "walk-3-too-large",
            "a rate too large",
            "At 4 the players jump much too far, to a place without a gradient that would bring them back.",
            game(**both(lr=4.0)),
        ),
        Step(
            "walk-3-decay",
            "a rate that decays",
            "Cosine decay to 0: they slow down on the circle and stop wherever they happen to be.",
            game(**both(schedule="cosine", schedule_steps=400)),
        ),
        Step(
            "walk-3-momentum",
            "momentum",
            "A momentum of 0.9 throws both players far out within half a turn. No gradient there brings them back.",
            game(**both(optimizer="momentum", beta1=0.9, lr=0.05)),
        ),
        Step(
            "walk-3-adam",
            "Adam",
            "Steps measured by the usual size of the gradient: the path takes another shape, and drifts outwards.",
            game(**both(optimizer="adam", lr=0.05)),
        ),
        Step(
            "walk-3-ring-descent",
            "the ring, gradient descent",
            "Networks now, under plain gradient descent at 0.1: there are ways inwards that two numbers lack.",
            Experiment.of(**RING, **both(optimizer="sgd", lr=0.1)),
        ),
        Step(
            "walk-3-ring-momentum",
            "the ring, momentum",
            "The same with a momentum of 0.9 at a tenth of the rate: now they leap about.",
            Experiment.of(**RING, **both(optimizer="momentum", beta1=0.9, lr=0.01)),
        ),
    ),
    compare=("walk-3-circle", "walk-3-too-large", "walk-3-decay", "walk-3-momentum", "walk-3-adam"),
)
