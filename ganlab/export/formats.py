"""Every format in which a run can be exported."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ganlab.experiment.choices import EXPORTS, ExportFormat
from ganlab.export.card import write_card
from ganlab.export.files import CannotExport, files_under, staged
from ganlab.export.onnx import write_onnx
from ganlab.export.own_process import in_own_process
from ganlab.export.page.browser_page import write_page
from ganlab.export.pictures import write_png, write_svg
from ganlab.export.program import write_program
from ganlab.export.script.notebook import write_notebook
from ganlab.export.script.script import write_script
from ganlab.export.tables import write_csv, write_parquet
from ganlab.export.tensorboard import write_tensorboard
from ganlab.export.trained_run import TrainedRun
from ganlab.export.weights import write_weights


@dataclass(frozen=True)
class Format:
    """A format in which a run can be exported.

    Attributes:
        name: what the command line calls it.
        files: what is written, in words.
        purpose: one sentence on what it is for.
        write: puts the files into an empty folder and returns how they were checked; raises CannotExport.
    """

    name: ExportFormat
    files: str
    purpose: str
    write: Callable[[TrainedRun, Path], str]

    @property
    def label(self) -> str:
        """Returns the name that a page shows."""
        return EXPORTS[self.name]


@dataclass(frozen=True)
class ExportFiles:
    """The files of one export, and how they were checked."""

    paths: tuple[Path, ...]
    check: str

    @property
    def size(self) -> int:
        """Returns the size of all files in bytes."""
        return sum(path.stat().st_size for path in self.paths)


_FORMATS = (
    Format(
        "weights", "generator.safetensors, experiment.json",
        "To load the generator again, in GanLab or in Python.",
        write_weights,
    ),
    Format(
        "onnx", "generator.onnx",
        "To run the generator without PyTorch: with onnxruntime, on a phone or in another language.",
        in_own_process(write_onnx),
    ),
    Format(
        "html", "generator.html",
        "To show the generator to others: one page with sliders that works offline, in every browser.",
        in_own_process(write_page),
    ),
    Format(
        "pt2", "generator.pt2",
        "To run or compile the generator with PyTorch only, from the torch.export program.",
        in_own_process(write_program),
    ),
    Format(
        "script", "train.py",
        "To read and run the whole training as plain PyTorch, without GanLab: with the same networks and the same "
        "losses.",
        write_script,
    ),
    Format(
        "notebook", "train.ipynb",
        "To run the same training step by step in Jupyter or Colab.",
        write_notebook,
    ),
    Format(
        "csv", "history.csv",
        "Every scalar of every iteration, for a spreadsheet.",
        write_csv,
    ),
    Format(
        "parquet", "history.parquet",
        "Every scalar of every iteration, for pandas, Polars or DuckDB.",
        write_parquet,
    ),
    Format(
        "tensorboard", "tensorboard/",
        "To compare the scalars and samples with those of other tools, in TensorBoard.",
        write_tensorboard,
    ),
    Format(
        "png", "samples.png, curves.png",
        "Pictures for slides and reports.",
        write_png,
    ),
    Format(
        "svg", "samples.svg, curves.svg",
        "The same pictures, sharp at every size, for printing and editing.",
        write_svg,
    ),
    Format(
        "card", "model-card.md",
        "To describe this generator: settings, changes during training, metrics with their protocol, limits.",
        write_card,
    ),
)  # fmt: skip

FORMATS: Mapping[ExportFormat, Format] = {format.name: format for format in _FORMATS}


def export(run: TrainedRun, format: Format, directory: Path) -> ExportFiles:
    """Write one form into `directory`, in full and checked, or not at all.

    Raises:
        CannotExport: which part can't be exported in this format, and why.
    """
    with staged(directory) as stage:
        try:
            check = format.write(run, stage)
        except OSError as error:
            raise CannotExport(f"{format.label} can't be written ({error.strerror or error}).") from None
        names = [path.relative_to(stage) for path in files_under(stage)]
    return ExportFiles(tuple(directory / name for name in names), check)
