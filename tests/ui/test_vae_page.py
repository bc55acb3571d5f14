"""The train page of a VAE and of energy-based games, through AppTest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from ganlab.runs import Run, State

SHELL = Path(__file__).parents[2] / "pages" / "shell.py"
SMALL = "g_width:8,d_width:8,batch_size:16"


def opened(link: str) -> AppTest:
    app = AppTest.from_file(str(SHELL), default_timeout=60)
    app.query_params["x"] = link
    app.run()
    assert not app.exception
    return app


def run_of(app: AppTest) -> Run:
    run: Run = app.session_state["tab"].run
    return run


def choose(app: AppTest, name: str, value: Any) -> None:
    app.get_by_key(f"setting_{name}.{app.session_state['generations'][f'setting_{name}']}").set_value(value)
    app.run()
    assert not app.exception and not app.error


def test_a_vae_has_its_own_words_theory_and_settings() -> None:
    app = opened(SMALL)
    choose(app, "model", "vae")
    assert run_of(app).experiment.model == "vae"
    text = " ".join(shown.value for shown in app.markdown)
    assert "The evidence lower bound" in text and "Encoder" in text and "The loss:" not in text
    assert any("KL" in formula.value for formula in app.latex)
    labels = {box.label for box in app.selectbox}
    assert any(label.startswith("KL weight") for label in labels)
    assert any(label.startswith("E learning rate") for label in labels)
    assert not any(label.startswith(("Loss", "R1", "WGAN-GP")) for label in labels)
    assert app.button(key="step_d").label == ":green[E] step"

    run = run_of(app)
    for key in ("step", "step_d", "step_g"):
        app.button(key=key).click().run()
    run.ask(lambda trainer: trainer.iteration).result(timeout=30)
    assert run.iteration == 3
    assert run.state is State.PAUSED
    choose(app, "model", "gan")
    assert app.button(key="step_d").label == ":green[D] step"


def test_an_energy_loss_brings_its_autoencoder_and_the_other_way_round() -> None:
    app = opened(SMALL)
    choose(app, "loss", "energy")
    assert run_of(app).experiment.discriminator == "autoencoder"
    choose(app, "loss", "hinge")
    assert run_of(app).experiment.discriminator == "mlp"
    choose(app, "discriminator", "autoencoder")
    assert run_of(app).experiment.loss == "energy"
    choose(app, "data", "digits")
    e = run_of(app).experiment
    assert (e.generator, e.discriminator, e.loss) == ("dcgan", "autoencoder", "energy")
    run = run_of(app)
    app.button(key="step").click().run()
    run.ask(lambda trainer: trainer.iteration).result(timeout=30)
    choose(app, "loss", "began")
    assert run_of(app) is run, "one energy for another: while it trains"
    assert run.experiment.loss == "began"
