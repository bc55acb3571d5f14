"""What is what, in one line above the views: for whoever sees a GAN for the first time."""

from __future__ import annotations

from typing import Any

from ganlab.experiment import Experiment, is_images
from ganlab.ui.model.graph import is_the_tour_s
from ganlab.views import drawing_of

DIRAC = "The smallest GAN: G is one number, θ, and D another, ψ. All data are 0, so G should come to rest at 0."
VAE = "The encoder E gives each real sample a region of latents; the decoder G turns latents into samples."


def intro(e: Experiment) -> dict[str, Any] | None:
    """The sentence, the letters of both players, and whether the tour of the Model page is about such a game.

    None for a run with a mistake: its own note is shown, and players with a mistake may want other things.
    """
    if e.mistake != "none":
        return None
    if e.model == "vae":
        return {"text": VAE, "players": ("E", "G"), "tour": False}
    if e.data == "dirac":
        return {"text": DIRAC, "players": ("θ", "ψ"), "tour": False}
    return {"text": _of_a_gan(e), "players": ("G", "D"), "tour": is_the_tour_s(e)}


def _of_a_gan(e: Experiment) -> str:
    of_g = "images" if is_images(e) else "samples (orange)"
    real = "real ones" if is_images(e) else "real ones (blue)"
    if drawing_of(e) == "plane":
        of_g = "points (orange)"
    return f"G turns noise into {of_g}. D scores them and {real}: it learns to tell them apart, and G to fool it."
