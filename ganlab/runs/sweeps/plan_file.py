"""A sweep's plan as a JSON file: a base, axes of settings with values, seeds, and the number of iterations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ganlab.experiment import Experiment, ExperimentError
from ganlab.presets import DEFAULT, PRESETS
from ganlab.runs.sweeps.plan import Axis, Grid

KEYS = ("base", "axes", "seeds", "iterations")
MOST_RUNS = 1_000
FIXED = ("max_steps", "seed")  # which have keys of their own
EXAMPLE = '{"base": "ring-ns", "axes": {"lr_g": [0.001, 0.003]}, "seeds": 3, "iterations": 2000}'


def read_plan(path: Path, iterations: int) -> Grid:
    """The members of the plan in this file; each one trains for so many `iterations` where neither the plan nor its
    base says how many.

    Raises:
        ExperimentError: it can't be read as a plan. It says where in the file and why.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ExperimentError(f"{path} can't be read: {error.strerror or error}.") from None
    except UnicodeDecodeError:
        raise ExperimentError(f"{path} is not a text in UTF-8: save it as one.") from None
    return PlanFile(path, text).grid(iterations)


class PlanFile:
    """The text of a plan, and where in it each key stands."""

    def __init__(self, path: Path, text: str) -> None:
        self._path, self._text = path, text

    def grid(self, iterations: int) -> Grid:
        """See `read_plan`."""
        plan = self._parsed()
        for key in plan:
            if key not in KEYS:
                raise self._wrong(key, f'There is no key "{key}" in a plan. The keys are: {", ".join(KEYS)}.')
        base = self._base(plan.get("base", DEFAULT.name))
        steps = plan.get("iterations", base.max_steps or iterations)
        if type(steps) is not int or steps < 1:
            raise self._wrong(
                "iterations", f'"iterations" is {json.dumps(steps)}, but must be a whole number from 1 on.'
            )
        axes = self._axes(plan.get("axes", {}))
        seeds = self._seeds(plan.get("seeds", [base.seed]))
        try:
            grid = Grid(base.changed(max_steps=steps), (*axes, Axis("seed", seeds)))
        except ExperimentError as error:
            raise self._named(error, [axis.field for axis in axes], "seeds" if "(seed)" in str(error) else "") from None
        if len(grid.settings) > MOST_RUNS:
            raise ExperimentError(
                f"{self._path}: This plan has {len(grid.settings):,} runs, but at most {MOST_RUNS:,} are possible: "
                "give fewer values or seeds."
            )
        return grid

    def _parsed(self) -> dict[str, Any]:
        def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
            found: dict[str, Any] = {}
            for key, value in pairs:
                if key in found:
                    raise self._wrong(key, f'The key "{key}" is given twice: leave one of both out.')
                found[key] = value
            return found

        try:
            plan = json.loads(self._text, object_pairs_hook=once)
        except json.JSONDecodeError as error:
            raise ExperimentError(f"{self._path}, line {error.lineno}: This is not JSON: {error.msg}.") from None
        except RecursionError:
            raise ExperimentError(f"{self._path}: This is not JSON that can be read: it is nested too deep.") from None
        if not isinstance(plan, dict):
            raise ExperimentError(f"{self._path}: A plan is a JSON object such as {EXAMPLE}.")
        return plan

    def _base(self, base: Any) -> Experiment:
        if isinstance(base, dict):
            try:
                return Experiment.of(**base)
            except ExperimentError as error:
                raise self._named(error, list(base), "base") from None
        if not isinstance(base, str):
            raise self._wrong("base", f'"base" is {json.dumps(base)}, but must be a preset\'s name or an experiment.')
        if base in PRESETS:
            return PRESETS[base].experiment
        if not base.endswith(".json"):
            names = ", ".join(PRESETS)
            raise self._wrong("base", f'There is no preset "{base}". The presets are: {names}.')
        file = self._path.parent / base
        try:
            return Experiment.from_json(file.read_bytes())
        except OSError as error:
            raise self._wrong("base", f"{file} can't be read: {error.strerror or error}.") from None
        except ExperimentError as error:
            raise self._wrong("base", f"{file}: {error}") from None

    def _axes(self, axes: Any) -> tuple[Axis, ...]:
        if not isinstance(axes, dict):
            raise self._wrong("axes", '"axes" must be an object such as {"lr_g": [0.001, 0.003]}.')
        for field, values in axes.items():
            if field in FIXED:
                other = {"max_steps": "iterations", "seed": "seeds"}[field]
                raise self._wrong(field, f'Give {field} with the key "{other}", not among the axes.')
            if field not in Experiment.model_fields:
                raise self._wrong(
                    field,
                    f'There is no setting called "{field}". The settings are: {", ".join(Experiment.model_fields)}.',
                )
            if not isinstance(values, list) or not values or any(isinstance(value, list | dict) for value in values):
                raise self._wrong(field, f'"{field}" is {json.dumps(values)}, but must be a list of values.')
        return tuple(Axis(field, tuple(values)) for field, values in axes.items())

    def _seeds(self, seeds: Any) -> tuple[int, ...]:
        if type(seeds) is int and seeds > 0:
            return tuple(range(seeds))
        if not isinstance(seeds, list) or not seeds or any(isinstance(seed, list | dict) for seed in seeds):
            raise self._wrong(
                "seeds", f'"seeds" is {json.dumps(seeds)}, but must be a list of seeds or how many there are.'
            )
        return tuple(seeds)

    def _named(self, error: ExperimentError, fields: list[str], otherwise: str) -> ExperimentError:
        """The error, on the line of the field that it names, or of another key."""
        named = (field for field in fields if f"({field})" in str(error) or f'"{field}"' in str(error))
        return self._wrong(next(named, otherwise), str(error))

    def _wrong(self, key: str, sentence: str) -> ExperimentError:
        """The sentence, with the line on which the key stands first."""
        at = self._text.find(json.dumps(key)) if key else -1
        where = f", line {self._text.count(chr(10), 0, at) + 1}" if at >= 0 else ""
        return ExperimentError(f"{self._path}{where}: {sentence}")
