"""The clinic's mistakes in the exported script: its true lines, each with what stands there instead."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ganlab.experiment.choices import MISTAKES, Mistake
from ganlab.export.files import CannotExport
from ganlab.export.script.phases import Phase, changed_methods
from ganlab.export.script.training import Section
from ganlab.game.penalties import GRADIENT_PENALTIES

LOSS_OF_D = r"    loss = \w+\(real_logits, fake_logits.*\)$(?=\n    penalty)"
LOSS_OF_G = r"    loss = \w+_g\(.*\)$(?=\n    optimizer_g.zero_grad\(\)\n    loss.backward)"
D_BUILT = r"(?<=^D = built)(.*)$"
G_BUILT = r"(?<=^G = built)(.*)$"

SIGMOID = (D_BUILT, r"\1\nD[-1] = nn.Sequential(D[-1], nn.Sigmoid())  # the mistake: its loss takes logits")
BATCH_NORM = (
    G_BUILT,
    r"\1\nG = nn.Sequential(G, nn.Flatten(), nn.BatchNorm1d({numbers}), nn.Unflatten(1, {shape}))  # the mistake",
)
SECOND_ACTIVATION = (
    r"^(?=optimizer_g = )",
    """\
for network in ({networks}):
    for parent in list(network.modules()):
        for name, layer in parent.named_children():
            if isinstance(layer, nn.LeakyReLU):  # the mistake: after a ReLU, no value is left to leak
                setattr(parent, name, nn.Sequential(nn.ReLU(), nn.LeakyReLU(layer.negative_slope)))

""",
)
SCORES_OF_G = (LOSS_OF_G, "    loss = -torch.sigmoid(fake_logits).mean()")

# By the mistake: patterns of true lines, all of which must be there, and the lines that take their place.
WRONG_LINES: Mapping[Mistake, tuple[tuple[str, str], ...]] = {
    "sigmoid_twice": (SIGMOID,),
    "two_activations": (SECOND_ACTIVATION,),
    "output_batch_norm": (BATCH_NORM,),
    "wrong_sign": (
        (
            LOSS_OF_D,
            "    loss = -F.logsigmoid(real_logits).mean() + F.logsigmoid(-fake_logits).mean()  # the mistake: the plus",
        ),
    ),
    "ones_for_both": (
        (
            LOSS_OF_D,
            "    loss = -F.logsigmoid(real_logits).mean() - F.logsigmoid(fake_logits).mean()  # the mistake: all real",
        ),
        (LOSS_OF_G, "    loss = -F.logsigmoid(-fake_logits).mean()  # the mistake: towards zeros"),
    ),
    "not_detached": (
        (r"update_d\(real, fake.detach\(\), iteration\)", "update_d(real, fake, iteration)  # the mistake"),
        (r"\(loss \+ penalty\).backward\(\)", "(loss + penalty).backward(retain_graph=True)  # which reaches G"),
        (r"    optimizer_g.zero_grad\(\)\n", ""),
        (r"    optimizer_g.step\(\)", "    optimizer_g.step()\n    optimizer_g.zero_grad()"),
    ),
    "unit_range": (
        (
            r"real, z = real_batch\(\), latents\(\)",
            "real, z = (real_batch() + 1) / 2, latents()  # the mistake: G's tanh goes from -1 to 1",
        ),
    ),
    "mixed_batches": (
        (r"= D\(real\), D\(fake\)", "= D(torch.cat([real, fake])).chunk(2)  # the mistake: one batch of both"),
    ),
    "one_weight_per_batch": (
        (r"epsilon = torch.rand\(len\(real\), (.*)$", r"epsilon = torch.rand(1, \1  # the mistake: one for all"),
    ),
    "real_scores_lowered": (
        (LOSS_OF_D, "    loss = torch.sigmoid(real_logits).mean() + torch.sigmoid(fake_logits).mean()  # the mistake"),
        SCORES_OF_G,
    ),
    "sigmoid_critic": (
        (LOSS_OF_D, "    loss = -torch.sigmoid(real_logits).mean() + torch.sigmoid(fake_logits).mean()  # the mistake"),
        SCORES_OF_G,
    ),
    "dense_as_given": (SECOND_ACTIVATION, BATCH_NORM, SIGMOID, (LOSS_OF_G, "    loss = -fake_logits.mean()")),
}
# With these, some mistakes show in more lines than the patterns find.
THROWING = tuple(name for name, penalty in GRADIENT_PENALTIES.items() if "rng" in penalty.takes)
ALONE = ("unroll_steps", "lecam_weight", "consensus_weight", *(name for name in THROWING if name != "gp_weight"))


def mistaken(stretches: Sequence[Phase], shape: tuple[int, ...], parts: list[Section]) -> list[Section]:
    """The parts of the script with the mistake of this run, which trains on samples of this shape.

    Raises:
        CannotExport: this mistake shows in other lines too, with what else the run uses or used later.
    """
    e = stretches[0].experiment
    if e.mistake == "none":
        return parts
    said = MISTAKES[e.mistake]
    if changed := changed_methods(stretches):
        names = ", ".join(sorted(changed))
        raise CannotExport(f"The script can't express this mistake (mistake) where {names} changed on the way: {said}.")
    networks = "G, D, G_average" if e.ema_decay > 0 else "G, D"
    for right, wrong in WRONG_LINES[e.mistake]:
        line = wrong.replace("{networks}", networks).replace("{numbers}", str(math.prod(shape)))
        line = line.replace("{shape}", str(shape))
        found = [re.subn(right, line, part.code, flags=re.MULTILINE) for part in parts]
        if any(getattr(e, name) for name in ALONE) or not any(count for _, count in found):
            raise CannotExport(f"The script can't express this mistake (mistake) with the run's other methods: {said}.")
        parts = [replace(part, code=code) for part, (code, _) in zip(parts, found, strict=True)]
    return parts
