"""The diagram of a run's game, made from its Experiment: what it consists of, and how that hangs together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ganlab.experiment import DEFAULTS, GROUPS, Experiment, fields_of, is_conditional, is_images, knob
from ganlab.experiment.condition import has_codes
from ganlab.experiment.networks import d_has
from ganlab.game.penalties import PENALTIES
from ganlab.game.terms import GENERATOR_TERMS
from ganlab.ui import widgets
from ganlab.views.tracing.steps import is_detached

Player = Literal["d", "g", ""]
OF_A_STEP = '‖∇‖ is the gradient\'s norm; "moved" is the last change of the weights as a share of their size.'
MOST_CHIPS = 2  # settings that are shown on a node itself
# Of the whole run, not of a part of it.
ELSEWHERE = ("model", "seed", "init", "device", "precision", "threads", "max_steps", "mistake")


@dataclass(frozen=True)
class Node:
    """A part of the game.

    Attributes:
        player: whose colour it has.
        about: what it is, in a sentence.
        fields: the settings that shape it.
    """

    name: str
    title: str
    about: str
    player: str = ""
    fields: tuple[str, ...] = ()


def nodes(e: Experiment) -> list[Node]:
    """The nodes of this Experiment's diagram; none for what it does not have."""
    made = list(_nodes_of_a_vae(e) if e.model == "vae" else _nodes_of_a_gan(e))
    names = {node.name for node in made}
    homes: dict[str, list[str]] = {name: [] for name in names}
    for group in GROUPS:
        for field in fields_of(group):
            if field not in ELSEWHERE and knob(field).applies(e):
                homes[_home(field, names)].append(field)
    return [Node(node.name, node.title, node.about, node.player, tuple(homes[node.name])) for node in made]


def edges(e: Experiment) -> list[str]:
    """ "from>to" for what is computed, "from<to" for a gradient that comes back, in the colour of its player.

    A gradient's player follows a colon: "scores<d:g". "d|fake" is the way that .detach() cuts.
    """
    names = {node.name for node in nodes(e)}
    way_back = () if is_detached(e) else ("d|fake:d",)
    return [edge for edge in (_VAE if e.model == "vae" else _GAN) if _ends(edge) <= names and edge not in way_back]


def is_joint(e: Experiment) -> bool:
    """Whether both networks learn from one step, neither of them locked."""
    return e.model == "vae" or e.consensus_weight > 0


def is_the_tour_s(e: Experiment) -> bool:
    """Whether the tour of the Model page is about a game like this: two networks, one of which learns from noise."""
    return e.model == "gan" and e.data != "dirac" and e.mistake == "none" and e.adversarial_weight > 0


def chips(node: Node, e: Experiment) -> list[tuple[str, str]]:
    """The node's settings as it bears them: (label, value) of those that are common, or not as usual."""
    used = [name for name in node.fields if _written(name, e) != "off"]
    shown = [name for name in used if knob(name).common or getattr(e, name) != getattr(DEFAULTS, name)]
    first = sorted(shown, key=lambda name: not knob(name).common)
    return [(knob(name).label, _written(name, e)) for name in first[:MOST_CHIPS]]


_GAN = (
    "noise>g", "codes>g", "codes>d", "g>fake", "data>real", "fake>d", "real>d", "d>scores", "scores>loss_d",
    "scores>loss_g", "penalty>loss_d", "step_g>ema",
    "loss_d<scores:d", "scores<d:d", "d<step_d:d", "d|fake:d",
    "loss_g<scores:g", "scores<d:g", "d<fake:g", "fake<g:g", "g<step_g:g",
)  # fmt: skip
_VAE = (
    "data>real", "real>d", "d>noise", "noise>g", "g>fake", "fake>loss_g", "real>loss_g", "d>loss_d", "step_g>ema",
    "loss_g<fake:g", "fake<g:g", "g<step_g:g", "g<noise:d", "noise<d:d", "loss_d<d:d", "d<step_d:d",
)  # fmt: skip


def _ends(edge: str) -> set[str]:
    plain = edge.partition(":")[0]
    return set(plain.replace("<", ">").replace("|", ">").split(">"))


def _nodes_of_a_gan(e: Experiment) -> Iterator[Node]:
    point = e.data == "dirac"
    if not point:
        yield Node("noise", "Noise z", "What G starts from: a batch of random vectors, new ones for each update.")
    if is_conditional(e) or has_codes(e):
        yield Node("codes", _title_of_codes(e), "What G is given besides the noise.")
    yield Node("g", "Point θ" if point else "Generator G", "Turns each z into a sample. It never sees the data.", "g")
    yield Node("fake", "Generated G(z)", "The samples that G makes of this batch.", "generated")
    yield Node("data", "Data", "What G learns to imitate.", "real")
    yield Node("real", "Real x", "A batch of the data, another one for each update.", "real")
    yield Node("d", "Slope ψ" if point else "Discriminator D", _about_d(e), "d")
    yield Node("scores", "Scores D(·)", "D's answers: for real samples, and for generated ones.")
    yield Node("loss_d", "Loss of D", "D wants high scores for real samples, and low ones for generated.", "d")
    if any(_is_on(e, name) for name in PENALTIES if name not in _IN_THE_STEP):
        yield Node("penalty", "Penalty", "One more term of D's loss. It keeps D smooth.", "d")
    yield Node("loss_g", "Loss of G", "G wants high scores for its own samples.", "g")
    yield Node("step_d", "Step of D", f"The optimiser moves D's weights along its gradient. {OF_A_STEP}", "d")
    yield Node("step_g", "Step of G", f"The optimiser moves G's weights along its gradient. {OF_A_STEP}", "g")
    if e.ema_decay > 0:
        yield Node("ema", "Average of G", "A moving average of G's weights: the pages show it, and you export it.", "g")


def _nodes_of_a_vae(e: Experiment) -> Iterator[Node]:
    yield Node("data", "Data", "What the decoder learns to describe.", "real")
    yield Node("real", "Real x", "A batch of the data, another one for each update.", "real")
    yield Node("d", "Encoder E", "Gives each sample a region of latents: a mean and a variance.", "d")
    yield Node("noise", "z near the mean", "A latent drawn from the region of each sample.")
    yield Node("g", "Decoder G", "Turns each z back into a sample.", "g")
    yield Node(
        "fake",
        "Reconstruction",
        "What the decoder makes of a real sample's z. Of noise alone, it makes a new sample.",
        "generated",
    )
    yield Node("loss_g", "Reconstruction loss", "How badly the reconstruction describes the sample.", "g")
    yield Node("loss_d", "KL", "How far the regions are from pure noise.", "d")
    yield Node(
        "step_d", "Step of E", f"The optimiser moves E's weights along the gradient of both losses. {OF_A_STEP}", "d"
    )
    yield Node("step_g", "Step of G", f"The optimiser moves G's weights along the same gradient. {OF_A_STEP}", "g")
    if e.ema_decay > 0:
        yield Node("ema", "Average of G", "A moving average of G's weights: the pages show it, and you export it.", "g")


def _about_d(e: Experiment) -> str:
    maps = (
        " Its picture: a real and a generated image, and beside each the three feature maps of D's first convolution "
        "that answer most."
    )
    return "Says of each sample how real it looks." + (maps if is_images(e) and d_has("channels")(e) else "")


def _title_of_codes(e: Experiment) -> str:
    named = ["Class y"] if e.condition != "none" else []
    return " and ".join([*named, *(["codes c"] if has_codes(e) else [])]).capitalize()


_IN_THE_STEP = ("weight_clip", "spectral_norm", "label_smoothing", "instance_noise")  # not terms of a loss
_OF_THE_PENALTY = frozenset(PENALTIES) - {*_IN_THE_STEP}
_HOMES = {
    **dict.fromkeys(("latent_dim", "latent_distribution"), "noise"),
    **dict.fromkeys(("condition", "info_categories", "info_continuous", "info_weight"), "codes"),
    **dict.fromkeys(("n_critic", "weight_clip"), "step_d"),
    **dict.fromkeys((*GENERATOR_TERMS, "cosine_of", "adversarial_weight", "unroll_steps", "decoder_std"), "loss_g"),
    **dict.fromkeys(("instance_noise", "instance_noise_steps"), "d"),
    **dict.fromkeys(_OF_THE_PENALTY, "penalty"),
    "batch_size": "real",
    "ema_decay": "ema",
}
_WITHOUT_IT = {"noise": "g", "codes": "g", "penalty": "loss_d", "ema": "step_g"}  # where a missing node's settings go
_OF_GROUPS = {"data": "data", "generator": "g", "discriminator": "d", "loss": "loss_d", "training": "step_g"}


def _home(field: str, names: set[str]) -> str:
    """The node that a setting shapes: its own, else that of its group."""
    group = knob(field).group
    home = _HOMES.get(field)
    if home is None and group in ("generator", "discriminator") and field.endswith(("_g", "_d")):
        home = f"step{field[-2:]}"
    home = home or _OF_GROUPS[group]
    return home if home in names else _WITHOUT_IT[home]


def _is_on(e: Experiment, name: str) -> bool:
    return bool(getattr(e, name)) and knob(name).applies(e)


def _written(name: str, e: Experiment) -> str:
    value, note = getattr(e, name), knob(name)
    if note.choices:
        return note.choices[value].partition(" (")[0]
    return ("on" if value else "off") if isinstance(value, bool) else widgets.shown(name, value)
