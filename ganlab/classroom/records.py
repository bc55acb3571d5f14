"""What each seat takes home at the end of a class: one zip with a folder a seat, made while it is sent."""

from __future__ import annotations

import json
import logging
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from ganlab.classroom.report import LATELY, report
from ganlab.classroom.state import ClassState, Seat
from ganlab.experiment import ExperimentError
from ganlab.runs.checkpoint import Checkpoint
from ganlab.runs.engine import Engine
from ganlab.runs.keeping.stored_run import StoredRun
from ganlab.runs.naming import data_and_method
from ganlab.runs.trouble import Trouble
from ganlab.training.history import SCALARS_OF

logger = logging.getLogger(__name__)

MOST_RUNS = 50  # of a seat, those saved last
UNTOLD = "This can't be told: {why}"


class RunsKept(Protocol):
    """What is needed of a store."""

    def runs(self) -> list[StoredRun]: ...

    def checkpoint(self, run_id: str) -> Checkpoint: ...


@dataclass(frozen=True)
class RunOfASeat:
    """What is written of a run.

    Attributes:
        about: its settings, what was done to it, what it has come to and what was measured, as JSON has it.
        picture: of its samples, a PNG.
    """

    about: dict[str, Any]
    picture: bytes


def as_zip(state: ClassState, store: RunsKept) -> Iterator[bytes]:
    """The zip, piece by piece: of each seat runs.html, runs.json and a picture of each run. One run is read at a time.

    Raises:
        StoreUnusable: the list of runs can't be read at present. Before the first piece.
    """
    kept = store.runs()
    return _pieces([(seat, _of(seat, state, kept)) for seat in state.seats], store)


def _of(seat: Seat, state: ClassState, kept: Iterable[StoredRun]) -> list[StoredRun]:
    own = state.owned_by(seat.number)
    return [run for run in kept if run.id in own and run.iteration > 0][:MOST_RUNS]


def _pieces(seats: Sequence[tuple[Seat, list[StoredRun]]], store: RunsKept) -> Iterator[bytes]:
    out = _Outgoing()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
        for seat, runs in seats:
            folder, told = safe_name(seat.name), list[dict[str, Any]]()
            for number, run in enumerate(runs, start=1):
                record = record_of_a_run(run, store)
                picture = f"run-{number:02}.png"
                archive.writestr(f"{folder}/{picture}", record.picture)
                told.append({"picture": picture} | record.about)
                yield out.taken()
            archive.writestr(f"{folder}/runs.json", json.dumps(told, indent=1, ensure_ascii=False, allow_nan=False))
            archive.writestr(f"{folder}/runs.html", report(seat.name, told))
            yield out.taken()
    yield out.taken()


class _Outgoing:
    """A file that can't be read or gone back in; what was written is taken out at once."""

    def __init__(self) -> None:
        self._written = bytearray()

    def write(self, data: bytes) -> int:
        self._written += data
        return len(data)

    def flush(self) -> None:
        pass

    def taken(self) -> bytes:
        """What was written since the last call."""
        data, self._written = bytes(self._written), bytearray()
        return data


def safe_name(name: str) -> str:
    """A name for a folder on any computer."""
    return re.sub(r"[^A-Za-z0-9 -]", "", name).strip() or "Seat"


def record_of_a_run(run: StoredRun, store: RunsKept) -> RunOfASeat:
    """What is kept of a run, as it was saved last; its verdict is that of the app at that iteration.

    What can't be read or built here is said in its place.
    """
    about: dict[str, Any] = {"name": run.name, "iteration": run.iteration, "state": str(run.state)}
    try:
        experiment = run.experiment
        about |= {
            "title": data_and_method(experiment),
            "settings": experiment.model_dump(),
            "settings_at_first": run.initial_experiment.model_dump(),
            "changes": [(each.iteration, each.kind, dict(each.values)) for each in run.record.interventions],
            "message": run.record.message and str(run.record.message),
        }
        checkpoint = store.checkpoint(run.id)
        about |= {"verdict": _verdict(run, checkpoint), "measures": _measures(run, checkpoint)}
    except ExperimentError as error:
        about |= {"verdict": UNTOLD.format(why=error), "measures": {}}
    if run.best is not None:
        best = run.best
        about["best"] = {"iteration": best.iteration, "modes": f"{best.captured} of {best.total}"}
        about["best"]["good_samples"] = round(best.high_quality, 4)
    return RunOfASeat(about, run.picture)


def _verdict(run: StoredRun, checkpoint: Checkpoint) -> str:
    """What the app says of the run where it stands."""
    try:
        engine = Engine(run.experiment.changed(device="cpu"))
        engine.go_on_from(checkpoint)
        said = engine.probes.answer(["commentary"])["commentary"]
    except (ExperimentError, Trouble, RuntimeError, KeyError) as error:
        logger.warning("No verdict on run %s: %s", run.id, error)
        return UNTOLD.format(why=error)
    return f"{said['headline']}. {said['evidence']}"


def _measures(run: StoredRun, checkpoint: Checkpoint) -> dict[str, float]:
    """Of each scalar the mean of the last iterations."""
    lately = checkpoint.history[-LATELY:]
    found = {}
    for name, values in zip(SCALARS_OF[run.experiment.model], lately.T, strict=True):
        if len(finite := values[np.isfinite(values)]):
            found[name] = float(f"{finite.mean():.4g}")
    return found
