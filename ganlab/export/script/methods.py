"""What the exported script adds where a method remembers, looks ahead, or moves both players at once."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import torch

from ganlab.experiment import Experiment, is_images
from ganlab.export.script.source import SourceCode
from ganlab.game import penalties
from ganlab.game.augmentation import sometimes
from ganlab.game.losses import LOSSES, Options, chosen
from ganlab.training.discriminator_input import ADAPTS_EVERY
from ganlab.training.memory import Anchors, HistoricalAverage

ANCHORS = 'anchors = Anchors(torch.device("cpu"))  # moving averages of D\'s logits'
AVERAGES = "average_g, average_d = HistoricalAverage(), HistoricalAverage()"
DRIFT = '''\
def drift(network: nn.Module, average: HistoricalAverage) -> Tensor:
    """How far a player's weights are from what they were on average."""
    theta = torch.cat([p.flatten() for p in network.parameters()])
    return historical_averaging(theta, average.follow(theta))'''

PROBABILITY = "probability = torch.zeros(())  # of each change to an image"
SIGNS = "signs: list[Tensor] = []  # of D's verdicts since the probability was last moved"
ADAPT = '''\
@torch.no_grad()
def adapt({logits}) -> None:
    """Change images more often while D is too sure of real ones, else less (Karras et al. 2020, section 3)."""
    signs.append(torch.sign({sure}).mean())
    if len(signs) == {every}:
        probability.add_(torch.sign(sum(signs) / {every} - {target}) * ({every} / {steps})).clamp_(0, 1)
        signs.clear()'''

LOOK_AHEAD = '''\
def look_ahead(real: Tensor, fake: Tensor) -> dict[str, Tensor]:
    """D's weights after {steps} more steps on its loss, which stay in the graph (Metz et al. 2017, section 2)."""
    weights, lr = dict(D.named_parameters()), optimizer_d.param_groups[0]["lr"]
    buffers = {{name: value.clone() for name, value in D.named_buffers()}}
    for _ in range({steps}):
        real_logits = functional_call(D, weights | buffers, real)
        fake_logits = functional_call(D, weights | buffers, fake)
        loss = {loss}
        slopes = torch.autograd.grad(loss, list(weights.values()), create_graph=True)
        weights = {{name: w - lr * slope for (name, w), slope in zip(weights.items(), slopes)}}
    return weights | buffers'''

UPDATE_BOTH = '''\
def update_both(real: Tensor, fake: Tensor, iteration: int) -> tuple[Tensor, Tensor, Tensor]:
    """Move both at once, each also to where neither wants to move (Mescheder et al. 2017, algorithm 2)."""
{seen}    real_logits, fake_logits = D(real), D(fake)
    loss_d, loss_g = {loss_d}, {loss_g}
    penalty = {penalty}
    objective_d, objective_g = loss_d + penalty, {objective_g}
    weights_g, weights_d = list(G.parameters()), list(D.parameters())
    by_g = torch.cat([v.flatten() for v in torch.autograd.grad(objective_g, weights_g, create_graph=True)])
    by_d = torch.cat([v.flatten() for v in torch.autograd.grad(objective_d, weights_d, create_graph=True)])
    unrest = {weight} * consensus(by_g, by_d)
    slopes_g = torch.autograd.grad(objective_g + unrest, weights_g, retain_graph=True)
    slopes_d = torch.autograd.grad(objective_d + unrest, weights_d)
    for weight, slope in zip(weights_g + weights_d, slopes_g + slopes_d):
        weight.grad.copy_(slope)
{steps}
    return loss_d, penalty + unrest, loss_g'''


def memory_code(e: Experiment, sources: SourceCode) -> list[str]:
    """Python of what some methods remember from one update to the next, and of how they use it; none in most runs."""
    memory = LOSSES[e.loss].memory
    pieces = [f"{memory.name} = torch.tensor({memory.start})  # {memory.meaning}"] if memory is not None else []
    if e.lecam_weight > 0:
        sources.add(Anchors, penalties.lecam)
        pieces.append(ANCHORS)
    if e.history_weight > 0:
        sources.add(HistoricalAverage, penalties.historical_averaging)
        sources.imports.add("from torch import nn")
        pieces += [AVERAGES, DRIFT]
    if adapts(e):
        sources.add(sometimes)
        pieces += [PROBABILITY, SIGNS, _adapt(e)]
    return pieces


def adapts(e: Experiment) -> bool:
    """Whether images are augmented as often as D's verdicts ask for."""
    return e.augment == "adaptive" and is_images(e)


def _adapt(e: Experiment) -> str:
    loss = LOSSES[e.loss]
    sure, logits = "real_logits - fake_logits", "real_logits: Tensor, fake_logits: Tensor"
    if loss.boundary is not None:
        score = "torch.sigmoid(real_logits)" if loss.score is torch.sigmoid else "real_logits"
        sure, logits = f"{score} - {loss.boundary}", "real_logits: Tensor"
    return ADAPT.format(logits=logits, sure=sure, every=ADAPTS_EVERY, target=e.augment_target, steps=e.augment_steps)


def heeding(e: Experiment, sources: SourceCode) -> list[str]:
    """Returns the Python that changes what is remembered after an update of D."""
    loss, lines = LOSSES[e.loss], []
    if adapts(e):
        lines.append(f"    adapt({'real_logits' if loss.boundary is not None else 'real_logits, fake_logits'})")
    if (memory := loss.memory) is not None:
        sources.add(memory.update)
        given = f"{memory.name}, real_logits.detach(), fake_logits.detach()"
        options = options_code(memory.update, memory.options, e)
        lines.append(f"    {memory.name} = {memory.update.__name__}({given}{options})")
    return lines


def options_code(function: Callable[..., object], options: Options, e: Experiment) -> str:
    """Python of what a loss's function is given after its logits, where that is not its default."""
    defaults = {name: parameter.default for name, parameter in inspect.signature(function).parameters.items()}
    return "".join(f", {name}={value}" for name, value in chosen(options, e).items() if value != defaults[name])


def remembered(e: Experiment, role: str) -> list[str]:
    """The terms of a player's objective that depend on what was before."""
    terms = []
    if e.lecam_weight > 0 and role == "d":
        terms.append(f"{e.lecam_weight} * lecam(real_logits, fake_logits, *anchors.follow(real_logits, fake_logits))")
    if e.history_weight > 0:
        terms.append(f"{e.history_weight} * drift({role.upper()}, average_{role})")
    return terms


def look_ahead_code(e: Experiment, loss: str, sources: SourceCode) -> list[str]:
    """Python of an unrolled D, of which `loss` is Python; none where it is not unrolled."""
    if e.unroll_steps == 0:
        return []
    sources.imports.add("from torch.func import functional_call")
    return [LOOK_AHEAD.format(steps=e.unroll_steps, loss=loss)]


def both_code(e: Experiment, parts: dict[str, str], sources: SourceCode) -> str:
    """Python that moves both players at once, out of the Python of the `parts` that it shares with other updates."""
    sources.add(penalties.consensus)
    objective_g = " + ".join(["loss_g", *remembered(e, "g")])
    return UPDATE_BOTH.format(**parts, objective_g=objective_g, weight=e.consensus_weight)
