"""What a node of the diagram holds when it is unfolded: formula, source, layers and settings."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import streamlit as st
import torch

from ganlab import data, networks
from ganlab.experiment import Experiment
from ganlab.game import notes
from ganlab.game.elbo import ELBO
from ganlab.game.losses import Loss
from ganlab.game.mistaken_losses import loss_of
from ganlab.game.notes import Note
from ganlab.game.penalties import PENALTIES
from ganlab.latent import draw_latents
from ganlab.networks.conditioning import CONDITIONING
from ganlab.training import methods
from ganlab.training.discriminator_input import seen_shape
from ganlab.training.optimizers import descend
from ganlab.training.trainer import Trainer
from ganlab.ui import widgets, working
from ganlab.ui.model.graph import Node
from ganlab.ui.plain import plain

UPDATE = r"\theta \leftarrow \theta - \eta \; \mathrm{optimiser}(\nabla_\theta L)"
AVERAGE = r"\bar\theta \leftarrow \bar\theta + w \, (\theta - \bar\theta)"


def foldout(e: Experiment, node: Node) -> None:
    """All about one node, beneath the diagram."""
    complaints = working.complaints()
    with st.container(border=True, key="foldout"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{node.title}.** {node.about}", width="stretch")
            st.button("Fold", key="fold", icon=":material/close:", type="tertiary", on_click=_fold)
        left, right = st.columns([2, 3], gap="large")
        with left:
            for formula in formulas(e, node.name):
                st.latex(formula)
            for note in _notes(e, node.name):
                st.markdown(f"{note.label}: {note.intuition}")
                st.latex(note.formula)
                st.caption(f"{note.reference}.")
            _settings(e, node)
            for name in node.fields:
                if name in complaints:
                    st.error(plain(complaints[name]), icon=":material/block:")
        with right:
            if node.name in ("g", "d"):
                st.dataframe(layers(e, node.name), hide_index=True, height="auto")
            if code := source(e, node.name):
                st.code(code, language="python", wrap_lines=True, height=420 if code.count("\n") > 22 else "content")


def _fold() -> None:
    st.query_params.pop("node", None)


def _settings(e: Experiment, node: Node) -> None:
    """The node's settings, as on the Train page."""
    for first in range(0, len(node.fields), 2):
        for column, name in zip(st.columns(2, gap="xsmall"), node.fields[first : first + 2], strict=False):
            with column:
                widgets.setting(e, name, working.change)


def formulas(e: Experiment, name: str) -> list[str]:
    """What the node computes, in LaTeX."""
    if e.model == "vae":
        terms = {"loss_g": "reconstruction", "loss_d": "kl"}
        return [ELBO[terms[name]].formula] if name in terms else [UPDATE] if name.startswith("step") else []
    loss = loss_of(e)
    of = {"loss_d": loss.formula_d, "loss_g": loss.formula_g, "step_d": UPDATE, "step_g": UPDATE, "ema": AVERAGE}
    return [of[name]] if name in of else []


def _notes(e: Experiment, name: str) -> list[Note]:
    """The methods in use that the node stands for."""
    used = methods.in_use(e)
    known = {"penalty": PENALTIES, "codes": CONDITIONING}.get(name, {})
    return [note for note in used if note in known.values()]


def source(e: Experiment, name: str) -> str:
    """The Python that runs where this node is; empty where there is nothing to read."""
    if name == "g":
        return networks.source(*networks.generator_of(e).classes)
    if name == "d":
        return networks.source(*networks.discriminator_of(e).classes)
    if name in ("penalty", "codes"):
        return "\n\n".join(filter(None, map(notes.source, _notes(e, name))))
    functions = _functions(e, name)
    return "\n\n".join(inspect.cleandoc("\n" + inspect.getsource(function)) for function in functions)


def _functions(e: Experiment, name: str) -> Sequence[Callable[..., Any]]:
    if e.model == "vae":
        terms = {"loss_g": "reconstruction", "loss_d": "kl", "noise": "elbo"}
        if name in terms:
            return ELBO[terms[name]].functions
    loss: Loss = loss_of(e)
    return {
        "noise": (draw_latents,),
        "real": (Trainer._real,),
        "scores": (loss.score,) if inspect.isfunction(loss.score) else (),
        "loss_d": (loss.d, *loss.helpers),
        "loss_g": (loss.g, *loss.helpers),
        "step_d": (descend,),
        "step_g": (descend,),
        "ema": (Trainer._update_average,),
    }.get(name, ())


@lru_cache(maxsize=64)
def layers(e: Experiment, name: str) -> list[dict[str, Any]]:
    """Each tensor of weights of a player: its name, its shape and how many numbers it holds."""
    shape, rng = data.shape_of(e), torch.Generator()
    if name == "g":
        network: torch.nn.Module = networks.build_generator(e, shape, rng)
    elif e.model == "vae":
        network = networks.build_encoder(e, shape, rng)
    else:
        network = networks.build_discriminator(e, seen_shape(e, shape), rng)
    return [
        {"weights": weight, "shape": " × ".join(map(str, value.shape)) or "1", "numbers": value.numel()}
        for weight, value in network.named_parameters()
    ]
