"""The part of the exported script that updates the players."""

from __future__ import annotations

import torch

from ganlab.experiment import Experiment, is_images
from ganlab.export.script.conditional import (
    as_function,
    asked,
    names_anything,
    naming_code,
    naming_in_d,
    naming_of,
    verdict,
)
from ganlab.export.script.methods import (
    adapts,
    both_code,
    heeding,
    look_ahead_code,
    memory_code,
    options_code,
    remembered,
)
from ganlab.export.script.mistakes import lines_of
from ganlab.export.script.players import letter
from ganlab.export.script.source import SourceCode
from ganlab.export.script.vae import vae_update
from ganlab.game import augmentation, penalties
from ganlab.game import terms as generator_terms
from ganlab.game.losses import Loss
from ganlab.game.mistaken_losses import loss_of
from ganlab.training.objective import reads_real
from ganlab.training.optimizers import clip_gradient_

FACTORS = {
    "linear": "1 - min(iteration / {length}, 1)",
    "late_linear": "min(2 * (1 - min(iteration / {length}, 1)), 1)",
    "cosine": "0.5 * (1 + math.cos(math.pi * min(iteration / {length}, 1)))",
    "exponential": "0.1 ** (iteration / {length})",
}


def update_code(e: Experiment, sources: SourceCode, alone: str | None = None) -> list[str]:
    """The functions that define what D sees, and one update of each player, of both at once or of one alone."""
    average = [AVERAGE.format(decay=e.ema_decay)] if e.ema_decay > 0 else []
    schedule = [_schedule(e, sources)] if {e.schedule_g, e.schedule_d} != {"constant"} else []
    if e.model == "vae":
        steps = {"encoder": _clipped(e, "d", sources), "decoder": _clipped(e, "g", sources)}
        steps["encoder"].append("    optimizer_e.step()")
        steps["decoder"] += ["    optimizer_g.step()", *(["    update_average(iteration)"] if average else [])]
        return [*schedule, *average, vae_update(e, sources, steps, alone)]
    loss = loss_of(e)
    sources.add(loss.d, loss.g)
    seen = _seen(e, sources)
    remembers = f"    global {loss.memory.name}\n" if loss.memory is not None else ""
    parts = {
        "seen": remembers + ("    real, fake = seen(real, iteration), seen(fake, iteration)\n" if seen else ""),
        "loss_d": f"{loss.d.__name__}(real_logits, fake_logits{_options_d(e, loss)})",
        "penalty": _sum([*_penalties(e, sources), *remembered(e, "d")]),
    }
    at_once = e.consensus_weight > 0 and not alone
    updates = []
    if alone != "step_g" and (not at_once or e.n_critic > 1):
        updates.append(_update_d(e, parts, sources))
    if alone != "step_d" and not at_once:
        updates += [*look_ahead_code(e, parts["loss_d"], sources), _update_g(e, sources, seen=bool(seen))]
    if at_once:
        logits = "fake_logits, real_logits" if loss.uses_real else "fake_logits"
        parts["loss_g"] = f"{loss.g.__name__}({logits}{options_code(loss.g, loss.options_g, e)})"
        parts["steps"] = "\n".join([*_step_of_d(e, sources), *_step_of_g(e, sources)])
        updates.append(both_code(e, parts, sources))
    return [*memory_code(e, sources), *naming_code(e, sources), *seen, *schedule, *average, *updates]


def _sum(terms: list[str]) -> str:
    """Python of the sum, on one line where there is room."""
    line = " + ".join(terms) or "torch.zeros(())"
    return line if len(line) < 100 else "(\n        " + "\n        + ".join(terms) + "\n    )"


def _update_d(e: Experiment, parts: dict[str, str], sources: SourceCode) -> str:
    mistaken, names = lines_of(e), names_anything(e)
    logits = mistaken.asks_d or f"{verdict('real', e)}, {verdict('fake', e)}"
    asking = [f"    real_logits, fake_logits = {logits}"]
    if names:
        asking = [_asked("real", e, features=e.condition == "auxiliary"), _asked("fake", e, features=True)]
    lines = [
        f"def update_d(real: Tensor, fake: Tensor{_condition_parameter(e)}, iteration: int) -> tuple[Tensor, Tensor]:",
        '    """Teach D to tell real from fake; its loss and its penalty."""',
        parts["seen"].rstrip(),
        *asking,
        f"    loss = {parts['loss_d']}",
        f"    penalty = {parts['penalty']}",
        *([f"    naming = {naming_in_d(e)}"] if names else []),
        "    optimizer_d.zero_grad(set_to_none=False)",
        f"    (loss + penalty{' + naming' if names else ''}).{mistaken.backward_d}",
        *_step_of_d(e, sources),
        "    return loss, penalty",
    ]
    return "\n".join(filter(None, lines))


def _update_g(e: Experiment, sources: SourceCode, *, seen: bool) -> str:
    lines = [
        f"def update_g(real: Tensor, fake: Tensor{_condition_parameter(e)}, iteration: int) -> Tensor:",
        '    """Teach G to make what D takes for real; its loss."""',
        *(["    fake = seen(fake, iteration)"] if seen else []),
        *_objective(e, sources, seen=seen),
        *([] if lines_of(e).clears_g_late else [CLEAR_G]),
        f"    {'objective' if _has_objective(e) else 'loss'}.backward()",
        *_step_of_g(e, sources),
        "    return loss",
    ]
    return "\n".join(lines)


def _condition_parameter(e: Experiment) -> str:
    return "".join(f", {name}: Tensor" for name in asked(e))


def _step_of_d(e: Experiment, sources: SourceCode) -> list[str]:
    """D's step along its gradient, and what follows from it."""
    lines = [*_clipped(e, "d", sources), "    optimizer_d.step()"]
    if e.weight_clip > 0:
        sources.add(penalties.clip_weights_)
        lines.append(f"    clip_weights_(D, {e.weight_clip})")
    return lines + heeding(e, sources)


def _step_of_g(e: Experiment, sources: SourceCode) -> list[str]:
    average = ["    update_average(iteration)"] if e.ema_decay > 0 else []
    clear = [CLEAR_G] if lines_of(e).clears_g_late else []
    return [*_clipped(e, "g", sources), "    optimizer_g.step()", *clear, *average]


CLEAR_G = "    optimizer_g.zero_grad(set_to_none=False)"
AVERAGE = '''\
@torch.no_grad()
def update_average(iteration: int) -> None:
    """Move the average of G's weights, which is what is shown, towards G; quickly at first."""
    weight = 1 - min({decay}, (1 + iteration) / (10 + iteration))
    theta_average.lerp_(theta_g, weight)
    for kept, now in zip(G_average.buffers(), G.buffers()):
        kept.lerp_(now, weight) if kept.is_floating_point() else kept.copy_(now)'''


def _seen(e: Experiment, sources: SourceCode) -> list[str]:
    """What stands between a sample and D: nothing, or one function."""
    lines = []
    if e.augment != "none" and is_images(e):
        for name, change in augmentation.AUGMENTATIONS.items():
            if getattr(e, name):
                sources.add(change)
                changed = f"sometimes({change.__name__}, x, probability, " if adapts(e) else f"{change.__name__}(x, "
                lines.append(f"    x = {changed}augmentation_chance)")
    if e.instance_noise > 0:
        sources.add(penalties.add_noise)
        fade = f" * max(0.0, 1 - iteration / {e.instance_noise_steps})" if e.instance_noise_steps else ""
        lines += [
            f"    std = {e.instance_noise}{fade}",
            "    if std > 0:",
            "        x = add_noise(x, std, noise_chance)",
        ]
    if e.packing > 1:
        sources.add(augmentation.packed)
        lines.append(f"    x = packed(x, {e.packing})")
    if not lines:
        return []
    head = ["def seen(x: Tensor, iteration: int) -> Tensor:", '    """What D sees of x."""']
    return ["\n".join([*head, *lines, "    return x"])]


def _options_d(e: Experiment, loss: Loss) -> str:
    """What D's loss is given beside the logits."""
    remembered = f", {loss.memory.name}={loss.memory.name}" if loss.memory is not None else ""
    return options_code(loss.d, loss.options_d, e) + remembered


def _asked(x: str, e: Experiment, *, features: bool, ahead: bool = False) -> str:
    """D, as it is or as it looks `ahead`, is asked about a batch, and for its features where they are needed."""
    if features:
        return f"    {x}_logits, {x}_features = {verdict(x, e, 'D.respond')}"
    answer = f"functional_call(D, ahead, {x})" if ahead else verdict(x, e)
    return f"    {x}_logits = {answer}"


def _penalties(e: Experiment, sources: SourceCode) -> list[str]:
    """Each penalty that is switched on, as a term."""
    terms = []
    for name, penalty in penalties.GRADIENT_PENALTIES.items():
        if (weight := getattr(e, name)) > 0:
            function = lines_of(e).penalties.get(name, penalty.function)
            sources.add(function)
            given = ", ".join("penalty_chance" if argument == "rng" else argument for argument in penalty.takes)
            factor = f"{penalty.factor} * " if penalty.factor != 1 else ""
            terms.append(f"{factor}{weight} * {function.__name__}({as_function(e)}, {given})")
    return terms


def _has_objective(e: Experiment) -> bool:
    """Whether G minimises more than its loss."""
    return _has_terms(e) or bool(remembered(e, "g"))


def _has_terms(e: Experiment) -> bool:
    return _compares_features(e) or names_anything(e)


def _compares_features(e: Experiment) -> bool:
    return e.feature_matching > 0 or e.cosine_weight > 0


def _objective(e: Experiment, sources: SourceCode, *, seen: bool) -> list[str]:
    loss = loss_of(e)
    real = "seen(real, iteration)" if seen else "real"
    ahead = e.unroll_steps > 0
    lines = ["    ahead = look_ahead(real, fake)"] if ahead else []
    lines.append(_asked("fake", e, features=_has_terms(e), ahead=ahead))
    if reads_real(e, loss):
        lines.append(_asked("real", e, features=_compares_features(e), ahead=ahead))
    if seen and (reads_real(e, loss) or ahead):
        lines.insert(0, f"    real = {real}")  # before D looks at anything, as in the app: noise is drawn in this order
    logits = ["fake_logits", "real_logits"] if loss.uses_real else ["fake_logits"]
    if e.top_k < 1:
        sources.add(generator_terms.top_k)
        lines.append(f"    kept = top_k(fake_logits, {e.top_k})")
        logits = [f"{name}[kept]" for name in logits]
    right = f"{loss.g.__name__}({', '.join(logits)}{options_code(loss.g, loss.options_g, e)})"
    lines.append(f"    loss = {right}")
    if _has_objective(e):
        lines.append(f"    objective = {' + '.join(_terms(e, sources))}")
    return lines


def _terms(e: Experiment, sources: SourceCode) -> list[str]:
    weighted = e.adversarial_weight != 1 and _compares_features(e)
    terms = [f"{e.adversarial_weight} * loss" if weighted else "loss"]
    if e.feature_matching > 0:
        sources.add(generator_terms.feature_matching)
        terms.append(f"{e.feature_matching} * feature_matching(real_features, fake_features)")
    if e.cosine_weight > 0:
        cosine = generator_terms.COSINES[e.cosine_of]
        sources.add(cosine)
        score = "torch.sigmoid({})" if loss_of(e).score is torch.sigmoid else "{}"
        which = ["real_logits", "fake_logits"]
        compared = [score.format(name) for name in which]
        if e.cosine_of == "features":
            compared = ["real_features", "fake_features"]
        terms.append(f"{e.cosine_weight} * (1 - {cosine.__name__}({', '.join(compared)}))")
    if names_anything(e):
        terms.append(naming_of("fake_features", e))
    return terms + remembered(e, "g")


def _clipped(e: Experiment, role: str, sources: SourceCode) -> list[str]:
    """The gradient is clipped as one long vector."""
    norm, value = getattr(e, f"clip_norm_{role}"), getattr(e, f"clip_value_{role}")
    if not norm and not value:
        return []
    sources.add(clip_gradient_)
    gradient = f"theta_{letter(e, role).lower()}.grad"
    return [f"    clip_gradient_({gradient}, torch.linalg.vector_norm({gradient}), {norm}, {value})"]


def _schedule(e: Experiment, sources: SourceCode) -> str:
    sources.imports.add("import math")
    lines = ["def follow_schedules(iteration: int) -> None:", '    """Set the learning rates of this iteration."""']
    for role in ("g", "d"):
        name = getattr(e, f"schedule_{role}")
        if name != "constant":
            factor = FACTORS[name].format(length=getattr(e, f"schedule_steps_{role}"))
            player = letter(e, role)
            lines.append(f'    optimizer_{player.lower()}.param_groups[0]["lr"] = LR_{player} * ({factor})')
    return "\n".join(lines)
