"""Exports that run in the background, while training goes on and a page checks them from time to time."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Literal

from ganlab.experiment.choices import EXPORTS, ExportFormat
from ganlab.export.files import CannotExport
from ganlab.export.formats import FORMATS, ExportFiles, export
from ganlab.export.trained_run import trained_run
from ganlab.runs import Run

AT_ONCE = 2  # exports of each kind, of all tabs together: each may trace a network in a process of its own


class ExportJob:
    """A run on its way out in one form, or in several as one zip.

    Attributes:
        iteration: which state of the run is taken; None until it has been copied.
        doing: what is being written, in words; share: how much is done, 0 to 1.
        written: what came of it: the one form's, or the last one's of several.
        refused: why a form can't be had, by its name.
        problem: why nothing can be had.
        done: whether it has ended, one way or another.
        name, content: of the file to download, once it is done: the form's only file, or a zip of all.
    """

    def __init__(self, run: Run, names: Sequence[ExportFormat], stem: str) -> None:
        self.iteration: int | None = None
        self.doing, self.share = "Waiting for its turn", 0.0
        self.written: ExportFiles | None = None
        self.refused: dict[ExportFormat, str] = {}
        self.problem: str | None = None
        self.done = False
        self.name, self.content = "", b""
        self._names, self._stem = tuple(names), stem
        self._finished = _workers("one" if len(names) == 1 else "many").submit(self._work, run)

    def wait(self, seconds: float) -> None:
        """Until it has ended, one way or another."""
        self._finished.result(seconds)

    def _work(self, run: Run) -> None:
        try:
            with tempfile.TemporaryDirectory(prefix="ganlab-export-") as folder:
                self._write(run, Path(folder))
        except CancelledError:
            self.problem = "The run was reset or closed before its turn came: export it again."
        except Exception as error:  # whatever it is, somebody waits for an answer
            self.problem = f"The run can't be exported: {error}"
        self.done = True

    def _write(self, run: Run, folder: Path) -> None:
        trained = trained_run(run.record().result())
        self.iteration = trained.iteration
        paths: list[Path] = []
        for number, name in enumerate(self._names):
            self.doing, self.share = f"Writing {EXPORTS[name]}", number / len(self._names)
            try:
                self.written = export(trained, FORMATS[name], folder)
            except CannotExport as error:
                self.refused[name] = str(error)
            else:
                paths += self.written.paths
        if not paths:
            return
        if len(paths) == 1:
            suffix = paths[0].suffix
            self.name, self.content = f"{paths[0].stem}-{self._stem}{suffix}", paths[0].read_bytes()
        else:
            form = f"-{self._names[0]}" if len(self._names) == 1 else ""
            self.name, self.content = f"{self._stem}{form}.zip", _zipped(paths, folder)


@cache
def _workers(_: Literal["one", "many"]) -> ThreadPoolExecutor:
    """Threads for jobs of one form, and others for those of many, so that a short one need not wait for a long one."""
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="ganlab-export")


def _zipped(paths: Sequence[Path], folder: Path) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            archive.write(path, path.relative_to(folder))
    return memory.getvalue()
