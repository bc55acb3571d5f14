"""The maths behind what trains: formulas, why they are as they are, and the very source that runs."""

from __future__ import annotations

import inspect

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ganlab import networks
from ganlab.experiment import Experiment, is_conditional
from ganlab.experiment.choices import MISTAKES
from ganlab.game import losses, notes
from ganlab.game.elbo import ELBO
from ganlab.game.mistaken_losses import loss_of
from ganlab.game.penalties import GRADIENT_PENALTIES
from ganlab.runs import Run
from ganlab.training import methods
from ganlab.training.conditional import ConditionalTrainer, naming_loss
from ganlab.training.mistakes import MISTAKEN, mistake_of
from ganlab.training.objective import generator_objective, gradient_penalties
from ganlab.training.trainer import Trainer
from ganlab.training.vae import VAETrainer


@st.fragment(key="theory")
def theory(run: Run) -> None:
    """The loss and the methods in use, as formulas; their source and the training step's, folded."""
    experiment = run.experiment
    used = methods.in_use(experiment)
    left, right = st.columns(2, gap="large")
    with left, st.container(key="loss_theory", gap="xsmall"):
        if experiment.model == "vae":
            _elbo()
        else:
            _game(loss_of(experiment))
            _admit(experiment)
    with right, st.container(key="penalty_theory", gap="xsmall"):
        st.markdown(
            "**Other methods in use**" if used else "**No other method is in use.** The settings on the left have more."
        )
        for note in used:
            st.markdown(f"{note.label}: {note.intuition}")
            st.latex(note.formula)
            st.caption(f"{note.reference}.")
    _folded_source(experiment)


def subject(experiment: Experiment) -> tuple[object, ...]:
    """What of an Experiment the theory depends on that may change during training."""
    return loss_of(experiment), methods.in_use(experiment)


def _game(loss: losses.Loss) -> None:
    st.markdown(f"**The loss: {loss.label}.** {loss.intuition}")
    st.latex(loss.formula_d)
    st.latex(loss.formula_g)
    st.caption(f"Each network minimises its own loss. {loss.reference}.")


def _admit(experiment: Experiment) -> None:
    """Say so if the run makes a mistake on purpose: the formulas and the source are those that run."""
    if experiment.mistake != "none":
        st.caption(
            f"**This run makes a mistake on purpose: {MISTAKES[experiment.mistake]}.** The formulas and the source "
            "code here are those that run, with the mistake."
        )


def _elbo() -> None:
    for note in ELBO.values():
        st.markdown(f"**{note.label}.** {note.intuition}")
        st.latex(note.formula)
        st.caption(f"{note.reference}.")


@st.fragment
def _folded_source(experiment: Experiment) -> None:
    """The source once somebody opens it: to load what colours code costs the browser half a second."""
    folded = st.expander(
        "The source code that runs: losses, methods, networks, training step", key="source", on_change="rerun"
    )
    if folded.open:
        with folded:
            source(experiment)


def source(experiment: Experiment) -> None:
    """The Python of everything that the Experiment uses, read from the running program."""
    is_vae = experiment.model == "vae"
    game = losses.source(loss_of(experiment))
    pieces = {"Losses": "\n\n".join(map(notes.source, ELBO.values())) if is_vae else game}
    used = dict.fromkeys(function for note in methods.in_use(experiment) for function in note.functions)
    if not is_vae and any(getattr(experiment, weight) > 0 for weight in GRADIENT_PENALTIES):
        used |= {gradient_penalties: None}
    made = mistake_of(experiment)
    if made:
        pieces["The mistake"] = "\n\n".join(map(inspect.getsource, made))
    if used:
        pieces["Methods"] = "\n\n".join(map(inspect.getsource, used))
    pieces["Training step"] = _dedented(*_training_step(experiment))
    G, D = networks.generator_of(experiment), networks.discriminator_of(experiment)
    partner = "Encoder" if is_vae else "Discriminator"
    pieces["Generator"] = networks.source(*G.classes)
    pieces[partner] = networks.source(*((networks.Encoder,) if is_vae else ()), *D.classes)
    notes_on = {"Generator": experiment.generator, partner: experiment.discriminator}
    for tab, (name, code) in zip(st.tabs(list(pieces)), pieces.items(), strict=True):
        if name in notes_on:
            _about(tab, networks.ARCHITECTURES[notes_on[name]])
        tab.code(code, language="python")


def _about(tab: DeltaGenerator, architecture: networks.Architecture) -> None:
    tab.markdown(f"**{architecture.title}.** {architecture.intuition}")
    tab.caption(f"{architecture.reference}.")


def _training_step(experiment: Experiment) -> tuple[object, ...]:
    """The functions that one iteration of this Experiment consists of."""
    if experiment.model == "vae":
        return VAETrainer.iterate, VAETrainer._update
    if is_conditional(experiment):
        of_d, of_g = ConditionalTrainer._update_conditional_d, ConditionalTrainer._update_conditional_g
        return ConditionalTrainer.iterate, of_d, of_g, naming_loss, generator_objective
    if experiment.consensus_weight > 0:
        return Trainer.iterate, Trainer._update_both
    trainer = MISTAKEN.get(experiment.mistake, Trainer)
    return trainer.iterate, trainer._update_discriminator, trainer._update_generator, generator_objective


def _dedented(*methods: object) -> str:
    return "\n".join(inspect.cleandoc("\n" + inspect.getsource(method)) for method in methods)  # type: ignore[arg-type]
