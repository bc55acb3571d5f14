"""Writes the training as a notebook: the script's parts as cells, with titles above and curves below."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ganlab.experiment import Experiment
from ganlab.export.script.data import needs_file, write_data
from ganlab.export.script.script import sections
from ganlab.export.script.training import columns_of
from ganlab.export.trained_run import TrainedRun

NOTEBOOK = "train.ipynb"

CURVES = """\
import matplotlib.pyplot as plt

_, *numbers = csv.reader(open("losses.csv"))
{columns} = np.array(numbers, dtype=float).T
{curves}
plt.xlabel("iteration")
plt.legend()"""

SHOWN = {
    "gan": {"loss_d": "D's loss", "loss_g": "G's loss"},
    "vae": {"reconstruction": "reconstruction", "kl": "KL"},
}


def write_notebook(run: TrainedRun, folder: Path) -> str:
    """train.ipynb in nbformat 4 and, where it needs one, the file of its data; compiled, not run."""
    e = run.initial_experiment
    about, imports, *rest = sections(run)
    cells = [_text(about.code), _code(imports.code)]
    for section in rest:
        compile(section.code, section.title, "exec")
        cells += [_text(f"## {section.title}"), _code(section.code)]
    cells += [_text("## Losses"), _code(_curves(e))]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    notebook = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    (folder / NOTEBOOK).write_text(json.dumps(notebook, indent=1), encoding="utf-8")
    beside = f"; {write_data(e, folder)}" if needs_file(e) else ""
    return f"{len(cells)} cells, whose code compiles{beside}"


def _curves(e: Experiment) -> str:
    """Python that draws the losses that the script wrote."""
    curves = [f'plt.plot(iteration, {name}, label="{label}")' for name, label in SHOWN[e.model].items()]
    return CURVES.format(columns=", ".join(columns_of(e)), curves="\n".join(curves))


def _text(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source.splitlines(keepends=True)}


def _code(source: str) -> dict[str, Any]:
    lines = source.splitlines(keepends=True)
    return {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": lines}
