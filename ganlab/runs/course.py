"""How a run came to where it is, where its settings alone do not say it: a file beside its checkpoint."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from ganlab.experiment import Experiment, ExperimentError
from ganlab.runs.keeping.kept import interventions_from_json, interventions_to_json
from ganlab.runs.run import Run
from ganlab.runs.state import Intervention

COURSE = "course.json"


@dataclass(frozen=True)
class Course:
    """What a run began with and what was done to it.

    Attributes:
        origin: of a fork, a sentence on what it went on from; None otherwise.
    """

    initial_experiment: Experiment
    interventions: tuple[Intervention, ...]
    origin: str | None = None


def course_of(run: Run) -> Course:
    """The course of a run that is built."""
    origin = None if run.origin is None else run.origin.sentence
    return Course(run.initial_experiment, tuple(run.interventions), origin)


def write_course(course: Course, directory: Path) -> Path:
    """Put it into course.json."""
    path = directory / COURSE
    values = {
        "initial_experiment": json.loads(course.initial_experiment.to_json()),
        "interventions": json.loads(interventions_to_json(course.interventions)),
        "origin": course.origin,
    }
    path.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")
    return path


def read_course(directory: Path) -> Course | None:
    """The inverse of `write_course`; None where there is no such file.

    Raises:
        ExperimentError: the file is damaged.
    """
    path = directory / COURSE
    if not path.is_file():
        return None
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        experiment = Experiment.of(**values["initial_experiment"])
        return Course(experiment, interventions_from_json(json.dumps(values["interventions"])), values["origin"])
    except (ValueError, KeyError, TypeError, OSError):
        raise ExperimentError(f"{path} is not what `ganlab train` wrote: move it away.") from None
