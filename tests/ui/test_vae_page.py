"""The train page of a VAE and of energy-based games, through AppTest."""

from __future__ import annotations

from ganlab.runs import State
from tests.patience import PATIENCE
from tests.ui.page import SMALL, choose, opened, run_of


def test_a_vae_has_its_own_words_theory_and_settings() -> None:
    app = opened(x=SMALL)
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
    run.ask(lambda trainer: trainer.iteration).result(PATIENCE)
    assert run.iteration == 3
    assert run.state is State.PAUSED
    choose(app, "model", "gan")
    assert app.button(key="step_d").label == ":green[D] step"


def test_an_energy_loss_brings_its_autoencoder_and_the_other_way_round() -> None:
    app = opened(x=SMALL)
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
    run.ask(lambda trainer: trainer.iteration).result(PATIENCE)
    choose(app, "loss", "began")
    assert run_of(app) is run, "one energy for another: while it trains"
    assert run.experiment.loss == "began"
