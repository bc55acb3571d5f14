"""The clinic's mistakes in the exported script: what each writes at the places where it shows."""

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
        loss_d, loss_g: a player's loss. None: the one that the run has chosen.
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
    loss_d: str | None = None
    loss_g: str | None = None
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
LOWERED_BY_G = "-torch.sigmoid(fake_logits).mean()"

MISTAKEN: Mapping[Mistake, Lines] = {
    "none": RIGHT,
    "sigmoid_twice": Lines(after_d=SIGMOID),
    "two_activations": Lines(after_players=SECOND_ACTIVATION),
    "output_batch_norm": Lines(after_g=BATCH_NORM),
    "wrong_sign": Lines(
        loss_d="-F.logsigmoid(real_logits).mean() + F.logsigmoid(-fake_logits).mean()  # the mistake: the plus"
    ),
    "ones_for_both": Lines(
        loss_d="-F.logsigmoid(real_logits).mean() - F.logsigmoid(fake_logits).mean()  # the mistake: all real",
        loss_g="-F.logsigmoid(-fake_logits).mean()  # the mistake: towards zeros",
    ),
    "not_detached": Lines(
        backward_d="backward(retain_graph=True)  # which reaches G",
        teaches_d="update_d(real, fake, iteration)  # the mistake",
        clears_g_late=True,
    ),
    "unit_range": Lines(draws="(real_batch() + 1) / 2, latents()  # the mistake: G's tanh goes from -1 to 1"),
    "mixed_batches": Lines(asks_d="D(torch.cat([real, fake])).chunk(2)  # the mistake: one batch of both"),
    "one_weight_per_batch": Lines(penalties={"gp_weight": gradient_penalty_with_one_weight}),
    "real_scores_lowered": Lines(
        loss_d="torch.sigmoid(real_logits).mean() + torch.sigmoid(fake_logits).mean()  # the mistake",
        loss_g=LOWERED_BY_G,
    ),
    "sigmoid_critic": Lines(
        loss_d="-torch.sigmoid(real_logits).mean() + torch.sigmoid(fake_logits).mean()  # the mistake",
        loss_g=LOWERED_BY_G,
    ),
    "dense_as_given": Lines(
        after_g=BATCH_NORM, after_d=SIGMOID, after_players=SECOND_ACTIVATION, loss_g="-fake_logits.mean()"
    ),
}


def lines_of(e: Experiment) -> Lines:
    """What the script has at the places where a mistake may show; a VAE's Trainer makes none."""
    return RIGHT if e.model == "vae" else MISTAKEN[e.mistake]
