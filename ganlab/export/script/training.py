"""The part of the exported script that trains, and makes the changes that were made while the run trained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import torch

from ganlab.experiment import Experiment, knob
from ganlab.export.script.conditional import asked, drawn, inputs, wishes
from ganlab.export.script.data import restored
from ganlab.export.script.mistakes import lines_of
from ganlab.export.script.phases import NamedConstant, Phase, varying
from ganlab.export.script.players import constants, letter
from ganlab.export.script.source import Piece, SourceCode
from ganlab.export.script.steps import update_code
from ganlab.training.optimizers import build_optimizer


@dataclass(frozen=True)
class Section:
    """A part of the script: what a notebook says above it, and its Python."""

    title: str
    code: str


class TrainingCode:
    """The code of each phase. A later phase defines again only what has changed."""

    def __init__(self, stretches: Sequence[Phase], sources: SourceCode) -> None:
        self._phases = stretches
        self._varying = varying(stretches)
        self._sources = sources
        self._defined: dict[tuple[str, ...], Piece] = {}  # by the names that each piece defines

    def first(self) -> tuple[str, str]:
        """The constants that the first phase needs beside the usual ones, and one update of each player."""
        e = self._phases[0].experiment
        self._new(_assigned({name: getattr(e, field) for field, name in constants(e).items()}))
        settings, functions = self._fresh(self._phases[0])
        return "".join(f"{line}\n" for line in settings), joined_pieces(functions)

    def sections(self) -> list[Section]:
        """Returns the sections that train, phase by phase, and that write the results."""
        e = self._phases[0].experiment
        shown = "G_average" if e.ema_decay > 0 else "G"
        result = RESULT.format(shown=shown, wishes=wishes(e), samples=restored(e, f"{shown}({inputs(e)})"))
        columns = '", "'.join(columns_of(e))
        if len(self._phases) == 1:
            return [Section("Training", LOOP.format(columns=columns, body=_body(e)) + "\n" + result)]
        [train] = self._new([TRAIN.format(body=_body(e))])
        started = [Section("Training", f"{OPENED.format(columns=columns)}\n\n{train}\n\n\n{self._go(0)}")]
        changed = [Section(_title(phase), self._change(i)) for i, phase in enumerate(self._phases) if i]
        changed = [section for section in changed if section.code]
        return [*started, *changed, Section("What came of it", "file.close()\n" + result)]

    def _change(self, i: int) -> str:
        before, phase = self._phases[i - 1].experiment, self._phases[i]
        e = phase.experiment
        said = [_said(name, getattr(before, name), value) for name, value in e.differences(before).items()]
        changed, functions = self._fresh(phase)
        if not phase.alone:
            functions += self._new([TRAIN.format(body=_body(e))])
        settings = [*said, *changed, *_retuned(before, e)]
        return joined_pieces([*settings, *functions, *filter(None, [self._go(i)])])

    def _go(self, i: int) -> str:
        """Train as long as this phase lasts."""
        phase = self._phases[i]
        if phase.alone:
            return _alone(phase)
        last = self._phases[i + 1].first if i + 1 < len(self._phases) else "STEPS"
        return f"train({phase.first}, {last})" if phase.first != last else ""

    def _fresh(self, phase: Phase) -> tuple[list[str], list[str]]:
        """The constants and the functions of this phase that are not yet defined like this."""
        e = phase.experiment
        named = {name: NamedConstant.of(name, getattr(e, name)) for name in sorted(self._varying)}
        functions = update_code(e.model_copy(update=named), self._sources, phase.alone)
        used = Piece("\n".join(functions)).names
        values = {name: getattr(e, field) for field, name in constants(e).items()}
        values |= {number.name: getattr(e, field) for field, number in named.items() if number.name in used}
        return self._new(_assigned(values)), self._new(functions)

    def _new(self, code: list[str]) -> list[str]:
        """Those of these pieces that are not yet defined like this; from now on they are."""
        pieces = [piece for piece in map(Piece, code) if self._defined.get(piece.defines) != piece]
        self._defined |= {piece.defines: piece for piece in pieces}
        return [piece.code for piece in pieces]


def joined_pieces(pieces: Sequence[str]) -> str:
    """Join pieces of Python: single lines without a gap, functions and classes with two blank lines between them."""
    text = ""
    for before, piece in pairwise(["", *pieces]):
        gap = "\n" if "\n" not in before + piece else "\n\n\n"
        text += (gap if before else "") + piece
    return text


def _assigned(values: Mapping[str, Any]) -> list[str]:
    return [f"{name} = {value}" for name, value in values.items()]


def _title(phase: Phase) -> str:
    if phase.alone:
        player = letter(phase.experiment, phase.alone[-1])
        return f"Iteration {phase.first + 1:,}: one update of {player} alone"
    return f"After iteration {phase.first:,}"


def _said(name: str, before: Any, now: Any) -> str:
    """What was changed, as a comment."""
    choices = knob(name).choices
    return f"# {knob(name).label} ({name}): {choices.get(before, before)} -> {choices.get(now, now)}"


def _retuned(before: Experiment, e: Experiment) -> list[str]:
    """Python that gives the optimisers their new settings."""
    lines = []
    for role in ("g", "d"):
        player = letter(e, role)
        old, new = (build_optimizer(each, role, torch.zeros(1)).param_groups[0] for each in (before, e))
        for name, value in new.items():
            scheduled = name == "lr" and getattr(e, f"schedule_{role}") != "constant"  # set before each iteration
            if name != "params" and value != old[name] and not scheduled:
                to = f"LR_{player}" if name == "lr" else value
                lines.append(f'optimizer_{player.lower()}.param_groups[0]["{name}"] = {to}')
    return lines


def _follows_schedules(e: Experiment) -> bool:
    return {e.schedule_g, e.schedule_d} != {"constant"}


def _body(e: Experiment) -> str:
    """One iteration."""
    schedule = "        follow_schedules(iteration)\n" if _follows_schedules(e) else ""
    if e.model == "vae":
        return schedule + VAE_BODY
    at_once = e.consensus_weight > 0
    critic = CRITIC if not at_once or e.n_critic > 1 else ""
    return schedule + (critic + DRAWN + (AT_ONCE if at_once else IN_TURNS) + NOTED).format(**_given(e))


def columns_of(e: Experiment) -> list[str]:
    """The columns of the table that the script writes."""
    return ["iteration", *(("reconstruction", "kl") if e.model == "vae" else ("loss_d", "penalty", "loss_g"))]


def _given(e: Experiment) -> dict[str, str]:
    """What the loop draws, gives to G, and tells the players that G was asked for."""
    told = "".join(f"{name}, " for name in asked(e))
    lines = lines_of(e)
    draw = f"{drawn(e)} = {lines.draws}"
    return {"draw": draw, "inputs": inputs(e), "told": told, "teach_d": lines.teaches_d.format(told=told)}


def _alone(phase: Phase) -> str:
    """One update of one player."""
    schedule = f"    follow_schedules({phase.first})\n" if _follows_schedules(phase.experiment) else ""
    lines = ONLY[phase.experiment.model, str(phase.alone)]
    given = _given(phase.experiment) | {"first": phase.first, "next": phase.first + 1}
    return f"if STEPS > {phase.first}:\n{schedule}{lines.format(**given)}"


CRITIC = """\
        for _ in range(N_CRITIC - 1):
            {draw}
            with torch.no_grad():
                fake = G({inputs})
            update_d(real, fake, {told}iteration)
"""

DRAWN = """\
        {draw}
        fake = G({inputs})
"""

IN_TURNS = """\
        loss_d, penalty = {teach_d}
        loss_g = update_g(real, fake, {told}iteration)
"""

AT_ONCE = """\
        loss_d, penalty, loss_g = update_both(real, fake, iteration)
"""

NOTED = """\
        rows.writerow([iteration + 1, loss_d.item(), penalty.item(), loss_g.item()])
        if iteration % 100 == 99:
            print(f"{{iteration + 1}}: D {{loss_d.item():.3f}}, G {{loss_g.item():.3f}}")"""

VAE_BODY = """\
        reconstruction, kl = update(real_batch(), iteration)
        rows.writerow([iteration + 1, reconstruction.item(), kl.item()])
        if iteration % 100 == 99:
            print(f"{iteration + 1}: reconstruction {reconstruction.item():.3f}, KL {kl.item():.3f}")"""

LOOP = """\
with open("losses.csv", "w", newline="") as file:
    rows = csv.writer(file)
    rows.writerow(["{columns}"])
    for iteration in range(STEPS):
{body}
"""

OPENED = """\
file = open("losses.csv", "w", newline="")
rows = csv.writer(file)
rows.writerow(["{columns}"])
"""

TRAIN = '''\
def train(first: int, last: int) -> None:
    """The iterations from `first` up to `last`, or to the last that was asked for."""
    for iteration in range(first, min(last, STEPS)):
{body}'''

ONLY_D = """\
    {draw}
    with torch.no_grad():
        fake = G({inputs})
    loss_d, penalty = update_d(real, fake, {told}{first})
    rows.writerow([{next}, loss_d.item(), penalty.item(), "nan"])"""

ONLY_G = """\
    {draw}
    loss_g = update_g(real, G({inputs}), {told}{first})
    rows.writerow([{next}, "nan", "nan", loss_g.item()])"""

ONLY_OF_VAE = """\
    reconstruction, kl = update_{player}(real_batch(), {{first}})
    rows.writerow([{{next}}, reconstruction.item(), kl.item()])"""

ONLY = {
    ("gan", "step_d"): ONLY_D,
    ("gan", "step_g"): ONLY_G,
    ("vae", "step_d"): ONLY_OF_VAE.format(player="encoder"),
    ("vae", "step_g"): ONLY_OF_VAE.format(player="decoder"),
}

RESULT = """\
{shown}.eval()  # BatchNorm, dropout and noise hold still
{wishes}
with torch.no_grad():
    np.save("samples.npy", {samples}.numpy())
torch.save({shown}.state_dict(), "generator.pt")"""
