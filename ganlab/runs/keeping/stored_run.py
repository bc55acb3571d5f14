"""A stored run without its weights and scalars: what is listed of it, as JSON has it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from ganlab.experiment import Experiment, ExperimentError
from ganlab.experiment.sentence import from_plain, to_plain
from ganlab.runs.directions import directions_from_json, directions_to_json
from ganlab.runs.fork import Origin
from ganlab.runs.picks import as_lists, picks_of
from ganlab.runs.record import BestCheckpoint, RunRecord
from ganlab.runs.state import Intervention, State


@dataclass(frozen=True)
class StoredRun:
    """What is known of a run before its files are read.

    Attributes:
        values: of its record, by name: see `values_of`.
        file: that holds its newest state. Each save makes a new one, so it also tells one save from another.
        created, saved: when it was first and last stored, in seconds since 1970.
        size: of its files, in bytes.
        picture: of its samples, a PNG.
    """

    values: Mapping[str, Any]
    file: str
    created: float
    saved: float
    size: int
    picture: bytes

    @property
    def id(self) -> str:
        return str(self.values["id"])

    @property
    def name(self) -> str:
        return str(self.values["name"])

    @property
    def iteration(self) -> int:
        return int(self.values["iteration"])

    @property
    def state(self) -> State:
        return State(self.values["state"])

    @property
    def best(self) -> BestCheckpoint | None:
        return _best(self.values)

    @property
    def experiment(self) -> Experiment:
        """Returns the experiment as it was when the run was stored.

        Raises:
            ExperimentError: this version of GanLab has no such settings.
        """
        return _experiment(self.values["experiment"])

    @property
    def initial_experiment(self) -> Experiment:
        """Returns the experiment as it was when the run began. Raises the errors of `experiment`."""
        return _experiment(self.values["initial_experiment"])

    @property
    def record(self) -> RunRecord:
        """Returns the record without its checkpoints. Raises the errors of `experiment`."""
        return record_of(self.values)


def values_of(record: RunRecord) -> dict[str, Any]:
    """What of a record JSON can hold: all but the checkpoints."""
    return {
        "id": record.id,
        "name": record.name,
        "experiment": record.experiment.model_dump(),
        "initial_experiment": record.initial_experiment.model_dump(),
        "interventions": [[each.iteration, each.kind, each.values] for each in record.interventions],
        "origin": record.origin and origin_values(record.origin),
        "iteration": record.iteration,
        "state": str(record.state),
        "message": to_plain(record.message),
        "directions": json.loads(directions_to_json(record.directions)),
        "picks": as_lists(record.picks),
        "best": record.best and asdict(replace(record.best, checkpoint=None)),
        "scalars": record.scalars,
    }


def record_of(values: Mapping[str, Any]) -> RunRecord:
    """The inverse of `values_of`.

    Raises:
        ExperimentError: this version of GanLab has no such settings.
    """
    return RunRecord(
        experiment=_experiment(values["experiment"]),
        initial_experiment=_experiment(values["initial_experiment"]),
        interventions=tuple(Intervention(*each) for each in values["interventions"]),
        origin=values["origin"] and origin_of(values["origin"]),
        iteration=values["iteration"],
        id=values["id"],
        name=values["name"],
        state=State(values["state"]),
        message=from_plain(values["message"]),
        directions=directions_from_json(json.dumps(values["directions"])),
        picks=picks_of(values.get("picks") or ()),
        best=_best(values),
    )


def origin_values(origin: Origin) -> dict[str, Any]:
    """What of an origin JSON can hold: all but the checkpoint."""
    return {name: value for name, value in vars(origin).items() if name != "checkpoint"} | {
        "fresh": dict(origin.fresh),
        "sentence": to_plain(origin.sentence),
    }


def origin_of(values: Mapping[str, Any]) -> Origin:
    """The inverse of `origin_values`. Older versions stored neither the iteration nor the sentence, or that as text."""
    return Origin(**{"iteration": 0, **values, "sentence": from_plain(values.get("sentence", ""))})


def _best(values: Mapping[str, Any]) -> BestCheckpoint | None:
    known = values["best"]
    if known is None:
        return None
    return BestCheckpoint(known["captured"], known["total"], known["high_quality"], known["iteration"])


def _experiment(values: dict[str, Any]) -> Experiment:
    if unknown := sorted(values.keys() - Experiment.model_fields.keys()):
        raise ExperimentError(
            f"This run was saved by another version of GanLab, with settings that this one does not have "
            f"({', '.join(unknown)[:80]}). The run is left unchanged: open it with the version that saved it."
        )
    return Experiment.of(**values)
