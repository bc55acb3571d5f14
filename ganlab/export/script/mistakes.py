"""What the exported script writes where a mistake shows; a mistake in a loss stands in that loss."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from torch import Tensor

from ganlab.experiment import Experiment
from ganlab.experiment.choices import Mistake
from ganlab.training.mistakes import gradient_penalty_with_one_weight


@dataclass(frozen=True)
class Lines:
    """Python for the places of the script where some mistake shows; the defaults are right.

    Attributes:
        after_g, after_d: lines that follow the line which builds this player.
        after_players: lines that follow when all networks are built, which `{networks}` names.
        draws: a real batch and latents.
        asks_d: the logits of a real and of a generated batch. None: as the condition has it.
        penalties: functions that stand in for gradient penalties, by the field of the weight.
        backward_d: how D's gradient is computed from its loss.
        teaches_d: the update of D that goes before G's.
        clears_g_late: whether G's gradient is cleared after its step, not before it is computed.
    """

    after_g: str | None = None
    after_d: str | None = None
    after_players: str | None = None
    draws: str = "real_batch(), latents()"
    asks_d: str | None = None
    penalties: Mapping[str, Callable[..., Tensor]] = field(default_factory=dict)
    backward_d: str = "backward()"
    teaches_d: str = "update_d(real, fake.detach(), {told}iteration)"
    clears_g_late: bool = False


RIGHT = Lines()
SIGMOID = "D[-1] = nn.Sequential(D[-1], nn.Sigmoid())  # the mistake: its loss takes logits"
BATCH_NORM = "G = nn.Sequential(G, nn.Flatten(), nn.BatchNorm1d({numbers}), nn.Unflatten(1, {shape}))  # the mistake"
SECOND_ACTIVATION = """\
for network in ({networks}):
    for parent in list(network.modules()):
        for name, layer in parent.named_children():
            if isinstance(layer, nn.LeakyReLU):  # the mistake: after a ReLU, no value is left to leak
                setattr(parent, name, nn.Sequential(nn.ReLU(), nn.LeakyReLU(layer.negative_slope)))
"""

MISTAKEN: Mapping[Mistake, Lines] = {
    "sigmoid_twice": Lines(after_d=SIGMOID),
    "two_activations": Lines(after_players=SECOND_ACTIVATION),
    "output_batch_norm": Lines(after_g=BATCH_NORM),
    "not_detached": Lines(
        backward_d="backward(retain_graph=True)  # which reaches G",
        teaches_d="update_d(real, fake, iteration)  # the mistake",
        clears_g_late=True,
    ),
    "unit_range": Lines(draws="(real_batch() + 1) / 2, latents()  # the mistake: G's tanh goes from -1 to 1"),
    "mixed_batches": Lines(asks_d="D(torch.cat([real, fake])).chunk(2)  # the mistake: one batch of both"),
    "one_weight_per_batch": Lines(penalties={"gp_weight": gradient_penalty_with_one_weight}),
    "dense_as_given": Lines(after_g=BATCH_NORM, after_d=SIGMOID, after_players=SECOND_ACTIVATION),
}


def lines_of(e: Experiment) -> Lines:
    """What the script has at the places where a mistake may show; a VAE's Trainer makes none.

    A mistake in a loss is in the loss's own source.
    """
    return RIGHT if e.model == "vae" else MISTAKEN.get(e.mistake, RIGHT)
