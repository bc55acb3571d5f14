"""What the exported script adds where G is asked for a class, or gets codes that D must read."""

from __future__ import annotations

from ganlab.experiment import Experiment, has_codes
from ganlab.experiment.codes import widths
from ganlab.export.script.source import SourceCode
from ganlab.networks import conditional
from ganlab.networks.conditioning import category_information, class_loss, dial_information
from ganlab.networks.discriminator import Discriminator

HEADS = "ConditionalDiscriminator"  # the script's own: with the heads of this run alone


def conditional_settings(e: Experiment) -> dict[str, int]:
    """The settings that the script has as constants beside those of every run."""
    _, classes, categories, dials = widths(e)
    found = {"CLASSES": classes, "CATEGORIES": categories, "DIALS": dials}
    return {name: width for name, width in found.items() if width}


def asked(e: Experiment) -> list[str]:
    """What G is given beside noise: names of tensors (batch, width), in the order in which they stand side by side."""
    return [name for name, width in zip(("y", "category", "dials"), widths(e)[1:], strict=True) if width]


def verdict(x: str, e: Experiment, function: str = "D") -> str:
    """Python that asks D about x: of a class where D is told of it."""
    match e.condition:
        case "concat":
            return f"{function}(with_class({x}, y))"
        case "projection":
            return f"{function}({x}, y)"
        case _:
            return f"{function}({x})"


def as_function(e: Experiment) -> str:
    """D as a function of a sample alone, which is what penalties take."""
    call = verdict("x", e)
    return "D" if call == "D(x)" else f"lambda x: {call}"


def has_heads(e: Experiment) -> bool:
    """Whether more is read off D's features than one number."""
    return e.condition in ("auxiliary", "projection") or has_codes(e)


def add_condition(e: Experiment, sources: SourceCode) -> None:
    """Add to `sources` how D is told of the class."""
    if e.condition == "concat":
        sources.add(conditional.with_class)
    if e.condition != "none" or e.info_categories:
        sources.imports.add("import torch.nn.functional as F")
    if has_heads(e):
        sources.add(Discriminator)
        sources.imports.add("from torch import nn")
        sources.pieces[HEADS] = _heads(e)


def _heads(e: Experiment) -> str:
    """The discriminator's class, with what this run reads off its features."""
    told = e.condition == "projection"
    y = ", y: Tensor" if told else ""
    layers, about = [], []
    if told:
        about.append("V, through which the class changes the logit (Miyato and Koyama 2018, equation 3)")
        layers.append("self.V = nn.Linear(width, CLASSES, bias=False)")
    if e.condition == "auxiliary":
        about.append("a layer that recognises the class (Odena et al. 2017)")
        layers.append("self.names = nn.Linear(width, CLASSES)")
    if has_codes(e):
        about.append("Q, which reads the codes (Chen et al. 2016)")
        codes = " + ".join(name for name in ("CATEGORIES", "DIALS") if name in conditional_settings(e))
        hidden = conditional.Q_WIDTH
        layers.append(
            f"self.Q = nn.Sequential(nn.Linear(width, {hidden}), nn.LeakyReLU(0.2), nn.Linear({hidden}, {codes}))"
        )
    logits = "logits + (y * self.V(phi)).sum(1)" if told else "logits"
    return HEADS_CLASS.format(
        name=HEADS, about=",\n    and ".join(about), layers="\n        ".join(layers), y=y, told=", y" if told else "",
        logits=logits,
    )  # fmt: skip


HEADS_CLASS = '''\
class {name}(nn.Module):
    """A discriminator that reads more from its features phi(x):
    {about}.
    """

    def __init__(self, D: Discriminator) -> None:
        super().__init__()
        self.D = D
        width = D[-2].weight[0].numel()  # of phi(x)
        {layers}

    def forward(self, x: Tensor{y}) -> Tensor:
        return self.respond(x{told})[0]

    def respond(self, x: Tensor{y}) -> tuple[Tensor, Tensor]:
        """Logits (batch,) and features (batch, width)."""
        logits, phi = self.D.respond(x)
        phi = phi.flatten(1)
        return {logits}, phi'''


def names_anything(e: Experiment) -> bool:
    """Whether D has more to say of a sample than how real it is."""
    return e.condition == "auxiliary" or has_codes(e)


def naming_code(e: Experiment, sources: SourceCode) -> list[str]:
    """Python that defines what both players pay where D can't name what samples were made from; none in most runs."""
    if not names_anything(e):
        return []
    needed = ", ".join(f"{name}: Tensor" for name in _named(e))
    lines, gains = _information(e, sources) if has_codes(e) else ([], [])
    total = f"-{' - '.join(gains)}"
    if e.condition == "auxiliary":
        sources.add(class_loss)
        total = " - ".join(["class_loss(D.names(features), y)", *gains])
    head = [
        f"def naming_loss(features: Tensor, {needed}) -> Tensor:",
        '    """What a player pays where D can\'t name what samples with these features were made from."""',
    ]
    return ["\n".join([*head, *lines, f"    return {total}"])]


def naming_in_d(e: Experiment) -> str:
    """Python of what D pays for names: in AC-GAN it must name the class of real samples too."""
    of_real = " + class_loss(D.names(real_features), y)" if e.condition == "auxiliary" else ""
    return naming_of("fake_features", e) + of_real


def naming_of(features: str, e: Experiment) -> str:
    """Python of what a player pays for the names of generated samples with these features."""
    return f"naming_loss({', '.join([features, *_named(e)])})"


def _named(e: Experiment) -> list[str]:
    """What D must name of a generated sample: the class in AC-GAN, the codes in InfoGAN."""
    return [name for name in asked(e) if name != "y" or e.condition == "auxiliary"]


def _information(e: Experiment, sources: SourceCode) -> tuple[list[str], list[str]]:
    """Python that asks Q, and the information L_I of each code, times its weight."""
    answers, gains = [], []
    if e.info_categories:
        sources.add(category_information)
        answers.append("logits")
        gains.append(f"{e.info_weight} * category_information(logits, category)")
    if e.info_continuous:
        sources.add(dial_information)
        answers.append("means")
        gains.append(f"{e.info_weight} * dial_information(means, dials)")
    parts = ".split([CATEGORIES, DIALS], dim=1)" if len(answers) == 2 else ""
    return [f"    {', '.join(answers)} = D.Q(features){parts}"], gains


def latents_code(e: Experiment) -> str:
    """Python that defines `latents()`: the noise and, from the same stream, the codes."""
    drawn = {"normal": "z.normal_(generator=latent_chance)", "uniform": "z.uniform_(-1, 1, generator=latent_chance)"}
    noise = [
        "def latents() -> Tensor:",
        '    """What G starts from."""',
        "    z = torch.empty(BATCH_SIZE, LATENT_DIM)",
    ]
    if not has_codes(e):
        return "\n".join([*noise, f"    return {drawn[e.latent_distribution]}"])
    codes = ["z", *_codes(e)]
    noise[:2] = [
        f"def latents() -> tuple[{', '.join(['Tensor'] * len(codes))}]:",
        '    """What G starts from: noise, and codes that D must be able to read from the sample."""',
    ]
    lines = [f"    {drawn[e.latent_distribution]}"]
    if e.info_categories:
        lines += [
            "    category = torch.randint(CATEGORIES, (BATCH_SIZE,), generator=latent_chance)",
            "    category = F.one_hot(category, CATEGORIES).float()",
        ]
    if e.info_continuous:
        lines.append("    dials = torch.empty(BATCH_SIZE, DIALS).uniform_(-1, 1, generator=latent_chance)")
    return "\n".join([*noise, *lines, f"    return {', '.join(codes)}"])


def _codes(e: Experiment) -> list[str]:
    return [name for name in asked(e) if name != "y"]


def drawn(e: Experiment) -> str:
    """The names that `real_batch(), latents()` is unpacked into."""
    real = "(real, y)" if e.condition != "none" else "real"
    return f"{real}, ({', '.join(['z', *_codes(e)])})" if has_codes(e) else f"{real}, z"


def inputs(e: Experiment) -> str:
    """Python of what G is given: the noise, and what it is asked for beside it."""
    return f"torch.cat([{', '.join(['z', *asked(e)])}], dim=1)" if asked(e) else "z"


def wishes(e: Experiment) -> str:
    """Python that draws the latents of the samples that are kept, and asks for each class in turn."""
    names = ", ".join(["z", *_codes(e)])
    in_turn = "y = F.one_hot(torch.arange(BATCH_SIZE) % CLASSES, CLASSES).float()  # each class in turn"
    return f"{names} = latents()" + (f"\n{in_turn}" if e.condition != "none" else "")
