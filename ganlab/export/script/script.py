"""The whole training as one plain PyTorch script, which needs nothing of this package."""

from __future__ import annotations

import textwrap
from pathlib import Path

from ganlab import data
from ganlab.experiment import Experiment, knob
from ganlab.export.script.conditional import latents_code
from ganlab.export.script.data import DATA_FILE, data_code, needs_file, write_data
from ganlab.export.script.phases import phases
from ganlab.export.script.players import adam_and_others, players, setting_names, vectors, written
from ganlab.export.script.refusals import refuse_what_it_can_not_do
from ganlab.export.script.source import Piece, SourceCode
from ganlab.export.script.training import Section, TrainingCode, joined_pieces
from ganlab.export.trained_run import TrainedRun
from ganlab.networks.init import built
from ganlab.runs.state import MOVED
from ganlab.training.device import intra_op_threads
from ganlab.training.rng import stream_seed

SCRIPT = "train.py"
DEFAULT_STEPS = 10_000
ALWAYS = {"import argparse", "import csv", "import numpy as np", "import torch", "from torch import Tensor"}

ABOUT = """\
{title}

Written by GanLab from the settings of a run. It needs only {needs}.
{losses}{note}"""

CHANGED = "\nThe run was changed while it trained. This script makes the same changes after the same iterations."
SAME_LOSSES = (
    "Its losses are those of the run: to the last bit on the same machine and with the same PyTorch, elsewhere up to "
    "rounding.\nSome networks soon make differences by rounding larger."
)
OTHER_DEVICE = "Its losses are not those of the run, because the run drew its random numbers on another device."
OTHER_LOSSES = (
    "Its losses are not those of the run, because this script starts from untrained networks, and the run did not:"
)

ARGUMENTS = """\
parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=STEPS)
parser.add_argument("--data", default=DATA)
options = parser.parse_args()
STEPS, DATA = options.steps, options.data"""
STREAM = '''\
def stream(name: str) -> torch.Generator:
    """A source of random numbers that no other use shares."""
    return torch.Generator().manual_seed(stream_seed(SEED, name))


'''
STREAMS = {
    "init": "init_chance",
    "latents": "latent_chance",
    "networks": "network_chance",
    "penalties": "penalty_chance",
    "noise": "noise_chance",
    "augmentation": "augmentation_chance",
}
COMMAND_LINE = "The command line"


def write_script(run: TrainedRun, folder: Path) -> str:
    """train.py and, where it needs one, the file of its data; compiled, not run."""
    e = run.initial_experiment
    code = script(run)
    compile(code, SCRIPT, "exec")
    (folder / SCRIPT).write_text(code, encoding="utf-8")
    beside = f"; {write_data(e, folder)}" if needs_file(e) else ""
    return f"it compiles, and stands alone{beside}"


def script(run: TrainedRun) -> str:
    """The script as text.

    Raises:
        CannotExport: which setting it can't express.
    """
    about, imports, settings, *rest = sections(run)
    rest = [settings, Section(COMMAND_LINE, ARGUMENTS), *rest]
    head = f'"""{about.code}\n"""\n\n{imports.code}'
    return head + "".join(f"\n\n\n# {section.title}\n\n{section.code}" for section in rest) + "\n"


def sections(run: TrainedRun) -> list[Section]:
    """What the script is about, in words, and then its parts, in the order in which they run."""
    stretches = phases(run.initial_experiment, run.interventions)
    e = stretches[0].experiment  # with what was changed before the first iteration
    refuse_what_it_can_not_do(stretches)
    shape = data.shape_of(e)
    sources = SourceCode()
    calls = players(e, shape, sources)  # the networks first: their Discriminator is a class
    sources.add(built, stream_seed)
    real = data_code(e, sources)
    training = TrainingCode(stretches, sources)
    whole = vectors(e, sources)
    constants, updates = training.first()
    rest = training.sections()
    pieces = joined_pieces(list(sources.pieces.values()))
    threads = intra_op_threads(e, shape)
    settings = _settings(e, run) + constants
    settings += f"\ntorch.set_num_threads({threads})  # the last bit of a sum depends on it"
    used = Piece("\n".join([calls, updates, *(section.code for section in rest)])).names
    return [
        Section("About", _about(e, run)),
        Section("Imports", "\n".join(_in_order(sources.imports | ALWAYS))),
        Section("Settings", settings),
        Section("Networks, losses and methods, as GanLab has them", pieces.strip()),
        Section("Data", real.strip()),
        Section("Chance: every use of it has a stream of its own", _chance(e, used)),
        Section("The players", f"{calls}\n\n{whole}{adam_and_others(e)}"),
        Section("One update of each", updates),
        *rest,
    ]


def _about(e: Experiment, run: TrainedRun) -> str:
    kind = "VAE" if e.model == "vae" else f"{knob('loss').choices[e.loss]} GAN"
    title = f"{kind} on: {knob('data').choices[e.data]}."
    needs = "PyTorch, NumPy and scikit-learn" if e.data in ("digits", "stacked_digits") else "PyTorch and NumPy"
    note = CHANGED if any(each.kind != MOVED for each in run.interventions) else ""
    return ABOUT.format(title=title, needs=needs, losses=_about_losses(run), note=note)


def _about_losses(run: TrainedRun) -> str:
    if run.origin is not None:
        return f"{OTHER_LOSSES}\n{textwrap.fill(run.origin, 100)}"
    has_moved = any(each.kind == MOVED for each in run.interventions)
    return SAME_LOSSES if run.device == "cpu" and not has_moved else OTHER_DEVICE


def _settings(e: Experiment, run: TrainedRun) -> str:
    steps = max(run.experiment.max_steps or DEFAULT_STEPS, run.iteration)
    settings = setting_names(e) | {"STEPS": steps, "DATA": DATA_FILE}
    return "\n".join(f"{name} = {written(value)}" for name, value in settings.items()) + "\n"


def _chance(e: Experiment, used: frozenset[str]) -> str:
    """`latents()`, and the streams that it and the code that uses these names draw from."""
    latents = latents_code(e)
    used |= Piece(latents).names
    streams = [f'{chance} = stream("{name}")' for name, chance in STREAMS.items() if chance in used]
    return STREAM + "\n".join(streams) + "\n\n\n" + latents


def _in_order(imports: set[str]) -> list[str]:
    """`from __future__` first, then `import`, then `from`."""
    return sorted(imports, key=lambda line: ("__future__" not in line, line.startswith("from"), line))
