"""Notebook, pictures, event files and the model card, read back by the tools that they are for."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import numpy as np
from PIL import Image

from ganlab.export.card import card, write_card
from ganlab.export.formats import FORMATS, export
from ganlab.export.pictures import WINDOW, running_mean
from ganlab.export.script.notebook import write_notebook
from ganlab.export.trained_run import TrainedRun
from ganlab.presets import PRESETS
from ganlab.runs.state import Intervention
from tests.export.conftest import trained, with_record


def test_the_notebook_is_valid_and_holds_the_training(ring: TrainedRun, tmp_path: Path) -> None:
    write_notebook(ring, tmp_path)
    notebook = nbformat.read(tmp_path / "train.ipynb", as_version=4)
    nbformat.validate(notebook)
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    assert "class MLPGenerator" in code and "def update_d" in code
    assert "argparse.ArgumentParser" not in code, "a notebook has no command line"


def test_pictures_show_the_grid_of_samples_and_the_curves(digits: TrainedRun, ring: TrainedRun, tmp_path: Path) -> None:
    assert "64 images from seed 0" in export(digits, FORMATS["png"], tmp_path).check
    assert "2,000 points" in export(ring, FORMATS["svg"], tmp_path).check
    assert {path.name for path in tmp_path.iterdir()} == {"samples.png", "curves.png", "samples.svg", "curves.svg"}
    assert min(Image.open(tmp_path / "samples.png").size) > 300


def test_the_running_mean_is_that_of_the_last_values_measured() -> None:
    values = np.arange(200, dtype=np.float32)
    values[10] = np.nan
    assert running_mean(values)[199] == np.mean(values[-WINDOW:])
    assert running_mean(values)[10] == np.mean(values[:10])


def test_event_files_hold_every_scalar(ring: TrainedRun, tmp_path: Path) -> None:
    written = export(ring, FORMATS["tensorboard"], tmp_path)
    assert f"{ring.history.size} values of {ring.history.shape[1]} scalars" in written.check
    assert written.paths[0].parent == tmp_path / "tensorboard"


def test_the_card_names_what_differs_what_was_changed_and_by_which_protocol(ring: TrainedRun, tmp_path: Path) -> None:
    changed = with_record(ring, interventions=(Intervention(2, "change", {"lr_g": 0.5}),))
    write_card(changed, tmp_path)
    said = (tmp_path / "model-card.md").read_text()
    assert "of 8 |" in said and "2,500 samples" in said
    assert re.search(r"\| Width \| g_width \| \d+ \| 8 \|", said), "beside whatever the nearest preset has"
    assert "| 2 | changed | lr_g = 0.5 |" in said
    assert (tmp_path / "card-samples.png").is_file()


def test_the_card_counts_the_iterations_that_there_were() -> None:
    assert "Mean of the last 60 iterations" in card(trained(60))
    assert "Mean of the last 100 iterations" in card(trained(130))


def test_the_card_tells_the_source_of_the_runs_own_data_alone() -> None:
    digits = PRESETS["digits-dcgan"]
    small = {"g_channels": 4, "d_channels": 4}
    kept, other = (
        card(trained(0, **digits.experiment.differences() | small | {"data": data})) for data in ("digits", "shapes")
    )
    assert "fewest differences is **Handwritten digits, DCGAN**" in kept and "UCI" in kept
    assert "UCI" not in other


def test_the_card_of_an_untrained_run_says_so() -> None:
    assert "untrained" in card(trained(0))
