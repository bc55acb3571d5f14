"""The lines of one iteration in the steps in which they are told: what lights up, a caption, a formula with numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch

from ganlab.experiment import Experiment, has_codes, knob
from ganlab.experiment.sentence import Sentence
from ganlab.game.losses import LOSSES
from ganlab.game.shares import share_d, share_g
from ganlab.training.trainer import Trainer
from ganlab.views.tracing.recorder import Line, Recorder
from ganlab.views.tracing.values import Told

Half = Literal["d", "g", "both"]
Floats = np.ndarray


@dataclass(frozen=True)
class Stage:
    """A step as it is told.

    Attributes:
        half: whose update it belongs to.
        lit: the nodes and the edges of the diagram that it is about; an edge is "from>to", or "from<to" where a
            gradient comes back.
        formula: what is computed, in the words of the source and the papers.
    """

    key: str
    half: Half
    title: str
    lit: tuple[str, ...]
    formula: str
    said: Callable[[Scene], Sentence]


class Scene:
    """What was recorded of one iteration, and how to find a value in it."""

    def __init__(self, trainer: Trainer, recorder: Recorder, moved: Mapping[str, float], slopes: Floats | None) -> None:
        self.trainer = trainer
        self.experiment = trainer.experiment
        self.lines = recorder.lines
        self.functions = [function.__name__ for function in recorder.functions]
        self._sources: list[list[str]] = [function["source"].splitlines() for function in recorder.source()]
        self.earlier = recorder.earlier
        self.moved = moved
        self.slopes = slopes

    def function(self, line: Line) -> str:
        """The name of the function that a line is in."""
        return self.functions[line.function]

    def text(self, line: Line) -> str:
        """The source of a line."""
        return self._sources[line.function][line.line]

    def told(self, name: str, *functions: str) -> Told:
        """What the name was given last in one of these functions; in any, where none is named."""
        for line in reversed(self.lines):
            if name in line.names and (not functions or self.function(line) in functions):
                return line.names[name]
        raise KeyError(name)

    def number(self, name: str, *functions: str) -> float:
        """The number that the name was given last."""
        return float(self.told(name, *functions)["value"])

    def measured(self, name: str, *functions: str) -> float:
        """One of the measurements that an update returned."""
        return float(self.told("return", *functions)["parts"][name]["value"])


UPDATE_D = ("_update_discriminator", "_update_conditional_d", "_update_both")
UPDATE_G = ("_update_generator", "_update_conditional_g", "_update_both")


def steps_of(scene: Scene) -> list[dict[str, Any]]:
    """The steps in the order in which they happened.

    Each has a key, a half ("d", "g" or "both"), a title, `lit`, `formula`, `said` (a caption as a Sentence), its
    `lines` from and to (not included), the line that is lit, and, where a loss is taken, `shares` of the followed
    samples: see `_shares`.
    """
    stages = {stage.key: stage for stage in stages_of(scene)}
    steps, first = [], 0
    for at, key in _ends(scene):
        if (stage := stages.get(key)) is None:
            continue
        steps.append(
            {
                "key": key,
                "half": stage.half,
                "title": stage.title,
                "lit": list(stage.lit),
                "formula": stage.formula,
                "said": stage.said(scene),
                "lines": [first, at + 1],
                "line": at,
                "shares": _shares(scene, key),
            }
        )
        first = at + 1
    return steps


def _ends(scene: Scene) -> Iterator[tuple[int, str]]:
    """Which recorded lines bring a step to its end, and the step's key."""
    role = ""
    seen: set[str] = set()
    for at, line in enumerate(scene.lines):
        if scene.function(line) == "descend" and "role" in line.names:
            role = str(line.names["role"]["value"])
        key = _key(scene.function(line), line, scene)
        if key in ("gradient", "step"):
            key = f"{key}_{role}"
        if key and key not in seen:
            seen.add(key)
            yield at, key


def _key(function: str, line: Line, scene: Scene) -> str:
    """The step that a line ends; empty where it ends none."""
    names, returns = line.names, line.event == "return"
    if function == "_real" and returns:
        return "real"
    if function == "_batch" and "real" in names and scene.experiment.condition != "none":
        return "real"
    if function in ("_latents", "_batch") and returns:
        return "noise"
    if function == "iterate" and "fake" in names:
        return "fake"
    if function == "descend" and line.event == "line":
        return "step" if "optimizer.step()" in scene.text(line) else "gradient" if "norm" in names else ""
    if function == "_update_average":
        return "ema" if line.event == "line" and "lerp_(self.g.theta" in scene.text(line) else ""
    if function == "_update":
        keys = {"mean": "encode", "z": "noise", "reconstruction": "reconstruction", "kl": "kl", "to_encoder": "slopes"}
        return next((key for name, key in keys.items() if name in names), "")
    if function in UPDATE_D:
        keys = {"real_logits": "scores_d", "loss": "loss_d", "loss_d": "loss_d", "loss_g": "loss_g", "v": "both"}
        if "penalty" in names:
            return "penalty" if names["penalty"].get("value") else ""
        if "naming" in names:
            return "naming_d" if names["naming"].get("value") else ""
        return next((key for name, key in keys.items() if name in names), "") if not returns else ""
    if function in UPDATE_G and not returns:
        keys = {"of_fake": "scores_g", "loss": "loss_g", "naming": "naming_g"}
        return next((key for name, key in keys.items() if name in names), "")
    return ""


def stages_of(scene: Scene) -> list[Stage]:
    """Every step that an iteration of this run may be told in."""
    return _vae(scene) if scene.experiment.model == "vae" else _gan(scene)


def _gan(scene: Scene) -> list[Stage]:
    e, trainer = scene.experiment, scene.trainer
    joint = e.consensus_weight > 0
    first: Half = "both" if joint else "d"
    last: Half = "both" if joint else "g"
    d, g = len(trainer.d.theta), len(trainer.g.theta)
    batch = e.batch_size
    asked = "codes" if e.condition != "none" or e.info_categories or e.info_continuous else ""
    point = e.generator == "point"
    return [
        Stage("real", first, "Take real samples", ("data", "real", "data>real"), "x ~ data",
            lambda s: Sentence("The next {batch:,} samples of the data.", batch=batch)),
        Stage("noise", first, "Draw z", ("noise", *([asked] if asked else [])), "z ~ noise",
            lambda s: Sentence("{batch:,} latents are drawn, of {size:,} numbers each.", batch=batch,
                size=e.latent_dim)),
        Stage("fake", first, "G makes samples", ("g", "fake", "g>fake", *(() if point else ("noise>g",))), "G(z)",
            lambda s: Sentence("G makes {batch:,} samples. D will get them without the way back to G: .detach()."
                if is_detached(e) else "G makes {batch:,} samples, and the way back to G stays open.", batch=batch)),
        Stage("scores_d", first, "D scores both", ("d", "scores", "real>d", "fake>d", "d>scores"), "D(x), D(G(z))",
            lambda s: Sentence("D scores real samples {real:.3g} and generated ones {fake:.3g} on average.",
                real=s.measured("score_real", *UPDATE_D), fake=s.measured("score_fake", *UPDATE_D))),
        Stage("loss_d", first, "D's loss", ("loss_d", "scores>loss_d"), "L_D",
            lambda s: Sentence("Each pair has its share of D's loss; the mean over {pairs:,} is {loss:.4g}.",
                pairs=int(s.told("real_logits", *UPDATE_D)["shape"][0]), loss=s.measured("loss_d", *UPDATE_D))),
        Stage("loss_g", last, "G's loss", ("loss_g", "scores>loss_g"), "L_G",
            lambda s: Sentence("G's loss is the mean of its samples' shares: {loss:.4g}." if e.top_k == 1 else
                "G's loss is the mean share of the samples that D scores highest: {loss:.4g}.",
                loss=s.measured("loss_g", *UPDATE_G))),
        Stage("penalty", first, "The penalty", ("penalty", "d>penalty", "penalty>loss_d"), "L_D + penalty",
            lambda s: Sentence("What is added to D's loss beside the game comes to {penalty:.4g}.",
                penalty=s.number("penalty", *UPDATE_D))),
        Stage("naming_d", first, "D names", ("loss_d", "codes"), "L_D + naming",
            lambda s: Sentence("That D can't name every class or code adds {naming:.4g}.",
                naming=s.number("naming", "_update_conditional_d"))),
        Stage("naming_g", last, "D names", ("loss_g", "codes"), "L_G + naming",
            lambda s: Sentence("That D can't name what G was asked for adds {naming:.4g}.",
                naming=s.number("naming", "_update_conditional_g"))),
        Stage("both", "both", "Both gradients at once", ("loss_d", "loss_g"), "v = (∇ L_G, ∇ L_D)",
            lambda s: Sentence("Both gradients are taken at the same weights. Their norms: {g:.3g} for G, {d:.3g} "
                "for D.", **dict(zip("gd", _norms_of_v(s), strict=True)))),
        Stage("gradient_d", first, "The gradient for D", ("loss_d<scores", "scores<d", "d<step_d", "d|fake"),
            f"∇ ({_objective(scene, 'd')})",
            lambda s: Sentence("One slope for each of D's {count:,} weights; their norm is {norm:.3g}.", count=d,
                norm=s.measured("grad_norm_d", *UPDATE_D))),
        Stage("step_d", first, "D's step", ("step_d", "d"), f"θ ← θ - η · {_optimiser(e, 'd')}(∇)",
            lambda s: Sentence("In this iteration D's weights moved by {moved:.2%} of their size.",
                moved=s.moved["d"])),
        Stage("scores_g", last, "D scores G's samples again", ("d", "scores", "fake>d", "d>scores"), "D(G(z))",
            lambda s: Sentence("The same samples, but D has learnt: its output for them was {before:.3g} on average, "
                + ("now it is {now:.3g}." if not e.unroll_steps else
                "after {steps} more updates it would be {now:.3g}."), steps=e.unroll_steps,
                before=float(s.told("fake_logits", *UPDATE_D)["mean"]),
                now=float(s.told("of_fake", *UPDATE_G)["parts"]["0"]["mean"]))),
        Stage("gradient_g", last, "The gradient goes through D to G",
            ("loss_g<scores", "scores<d", "d<fake", "fake<g", "g<step_g"), f"∇ ({_objective(scene, 'g')})",
            lambda s: Sentence("G's gradient goes through D and the samples to its {count:,} weights; its norm there "
                "is {norm:.3g}." if joint else "D's weights are locked. The gradient goes through D to the samples and "
                "on to G's {count:,} weights; its norm there is {norm:.3g}.", count=g,
                norm=s.measured("grad_norm_g", *UPDATE_G))),
        Stage("step_g", last, "G's step", ("step_g", "g", "fake"), f"θ ← θ - η · {_optimiser(e, 'g')}(∇)",
            lambda s: Sentence("G's weights moved by {moved:.2%} of their size. All samples share them, so each "
                "goes where the whole batch takes it, not only where D asked.", moved=s.moved["g"])),
        Stage("ema", last, "The average follows", ("ema", "step_g>ema"), "average ← average + w (G - average)",
            lambda s: Sentence("The average of G's weights goes {weight:.2%} of the way to G.",
                weight=s.number("weight", "_update_average"))),
    ]  # fmt: skip


def is_detached(e: Experiment) -> bool:
    """Whether D learns from samples that are cut off from G. A joint step needs the way back, a mistake leaves it."""
    return e.consensus_weight == 0 and e.mistake != "not_detached"


def _objective(scene: Scene, role: Half) -> str:
    """What a player descends: its loss, and what is added to it."""
    e = scene.experiment
    if role == "d":
        added = {"penalty": scene.number("penalty", *UPDATE_D) != 0, "naming": _has_naming(e)}
    else:
        terms = e.feature_matching > 0 or e.cosine_weight > 0 or e.history_weight > 0
        added = {"terms": terms, "naming": _has_naming(e)}
        if e.mistake == "not_detached":
            added["what D's loss left behind"] = True
    added["γ/2 · ‖v‖²"] = e.consensus_weight > 0
    return " + ".join([f"L_{role.upper()}", *(name for name, is_there in added.items() if is_there)])


def _has_naming(e: Experiment) -> bool:
    """Whether classes or codes are to be named."""
    return e.condition == "auxiliary" or has_codes(e)


def _optimiser(e: Experiment, role: str) -> str:
    """What a page calls the optimiser of a player."""
    name = f"optimizer_{role}"
    return str(knob(name).choices[getattr(e, name)]).partition(" (")[0]


def _norms_of_v(scene: Scene) -> tuple[float, float]:
    parts = scene.told("v", "_update_both")["parts"]
    return float(parts["0"]["norm"]), float(parts["1"]["norm"])


def _vae(scene: Scene) -> list[Stage]:
    e, trainer = scene.experiment, scene.trainer
    batch = e.batch_size
    return [
        Stage("real", "both", "Take real samples", ("data", "real", "data>real"), "x ~ data",
            lambda s: Sentence("The next {batch:,} samples of the data.", batch=batch)),
        Stage("encode", "both", "The encoder describes them", ("d", "real>d"), "μ(x), log σ²(x)",
            lambda s: Sentence("For each sample a mean and a variance of {size:,} numbers; all means: {mean:.3g} on "
                "average.", size=e.latent_dim, mean=float(s.told("mean", "_update")["mean"]))),
        Stage("noise", "both", "Draw z near the mean", ("noise", "d>noise"), "z = μ + σ ε",
            lambda s: Sentence("z is drawn around the mean, so that the gradient finds its way through: norm of the "
                "batch {norm:.3g}.", norm=float(s.told("z", "_update")["norm"]))),
        Stage("reconstruction", "both", "G reconstructs", ("g", "fake", "noise>g", "g>fake", "fake>loss_g",
            "real>loss_g", "loss_g"), "-log p(x|z)",
            lambda s: Sentence("How badly G(z) describes x: {value:.4g} nats a sample.",
                value=s.number("reconstruction", "_update"))),
        Stage("kl", "both", "What the description costs", ("loss_d", "d>loss_d"), "KL(q(z|x) || N(0, I))",
            lambda s: Sentence("How far z's distribution is from pure noise: {value:.4g} nats a sample.",
                value=s.number("kl", "_update"))),
        Stage("slopes", "both", "One gradient for both", ("loss_g<fake", "fake<g", "g<noise", "noise<d", "loss_d<d",
            "g<step_g", "d<step_d"), "∇ (reconstruction + β KL)",
            lambda s: Sentence("Both networks descend the same loss. Norms: {d:.3g} for the encoder, {g:.3g} for G.",
                d=float(s.told("to_encoder", "_update")["norm"]), g=float(s.told("to_decoder", "_update")["norm"]))),
        Stage("step_d", "both", "The encoder's step", ("step_d", "d"), f"θ ← θ - η · {_optimiser(e, 'd')}(∇)",
            lambda s: Sentence("The encoder's weights moved by {moved:.2%} of their size.", moved=s.moved["d"])),
        Stage("step_g", "both", "G's step", ("step_g", "g", "fake"), f"θ ← θ - η · {_optimiser(e, 'g')}(∇)",
            lambda s: Sentence("G's {count:,} weights moved by {moved:.2%} of their size.",
                count=len(trainer.g.theta), moved=s.moved["g"])),
        Stage("ema", "both", "The average follows", ("ema", "step_g>ema"), "average ← average + w (G - average)",
            lambda s: Sentence("The average of G's weights goes {weight:.2%} of the way to G.",
                weight=s.number("weight", "_update_average"))),
    ]  # fmt: skip


def _shares(scene: Scene, key: str) -> dict[str, Any] | None:
    """What each followed sample adds to a loss; None for other steps, and where samples have no rows of their own.

    `real` and `fake` are D's scores as pages plot them, `value` the shares, (followed,); `formula` is in their names
    and those of `options`, and empty for a loss with a mistake, whose formula is another.
    """
    if key not in ("loss_d", "loss_g") or scene.experiment.model == "vae":
        return None
    loss, e = scene.trainer.loss, scene.experiment
    function = loss.d if key == "loss_d" else loss.g
    called = next((line.names for line in reversed(scene.lines)
        if line.event == "call" and scene.function(line) == function.__name__), None)  # fmt: skip
    if called is None or "rows" not in called["fake"]:
        return None
    options = {name: value["value"] for name, value in called.items() if "value" in value}
    fake = torch.from_numpy(called["fake"]["rows"][:, 0])
    other = next((value for name, value in called.items() if name != "fake" and "rows" in value), None)
    real = fake if other is None else torch.from_numpy(other["rows"][:, 0])
    logits = (real, fake) if key == "loss_d" else (fake, real)
    shares = [float(function(*(some[i : i + 1] for some in logits), **options)) for i in range(len(fake))]
    formula = share_d(e.loss, e.label_smoothing) if key == "loss_d" else share_g(e.loss)
    return {
        "formula": formula if loss is LOSSES[e.loss] else "",
        "options": options,
        "real": loss.score(real).numpy(),
        "fake": loss.score(fake).numpy(),
        "value": np.array(shares, np.float32),
    }
