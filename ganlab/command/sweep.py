"""`ganlab sweep`: the runs of a plan, trained side by side, and what came of them as a table."""

from __future__ import annotations

import csv
import math
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from ganlab.command.bar import Bar
from ganlab.command.member import Member, Row, number
from ganlab.command.stopping import stopping
from ganlab.hosts.choice import Choice
from ganlab.hosts.pool import Pool
from ganlab.runs import Lab, Nobody, State
from ganlab.runs.sweeps.plan import Grid

LOOK_SECONDS = 0.05  # between two looks at the runs
AGAIN_SECONDS = 1.0  # before a run that a host has lost is trained again
ANSWER_SECONDS = 10.0  # that a run may take, at the end, to hand over what it has learnt
CSV, MARKDOWN, RUNS = "table.csv", "table.md", "runs"


def train_sweep(grid: Grid, choice: Choice, directory: Path) -> int:
    """Train the runs of a plan, as many at once as there are workers, and write a table of those that have ended.

    Each run has a folder of its own under `directory`, which `ganlab train --from` and `ganlab export` take. What an
    earlier sweep has left there is not trained again. Ctrl-C keeps what is done.
    Returns 0, or 1 if a run failed or it was stopped.

    Raises:
        ExperimentError: the folder holds runs of other settings, or a run can't be had on this machine.
        OSError: the folder can't be written to.
    """
    members = [
        Member(e, settings, directory / RUNS) for e, settings in zip(grid.experiments, grid.settings, strict=True)
    ]
    for member in members:
        member.look()
    directory.mkdir(parents=True, exist_ok=True)
    audience, table = Nobody(), SweepTable(directory, grid)
    table.write(members)
    host = choice.new_host(audience, lambda *_: None, None, _say)
    with Lab(audience, abandoned_seconds=math.inf, host=host) as lab:
        runner = Runner(members, lab, host, table)
        with stopping(runner.stop):
            runner.run()
    rows = [member.row for member in members if member.row is not None]
    broken = sum(bool(row.broken) for row in rows)
    if broken:
        _say(f"{broken} of {len(members)} runs failed: the table says why.")
    if len(rows) < len(members):
        _say(f"Stopped: {len(rows)} of {len(members)} runs are done. The same command goes on from here.")
    sys.stdout.write("".join(f"{path}\n" for path in table.paths))
    return int(bool(broken) or len(rows) < len(members))


class Runner:
    """Trains members until all have ended, or until it is stopped."""

    def __init__(self, members: Sequence[Member], lab: Lab, host: Pool | None, table: SweepTable) -> None:
        self._members, self._lab, self._host, self._table = members, lab, host, table
        self._waiting = deque(member for member in members if member.row is None)
        self._training: list[Member] = []
        self._is_stopped = False
        self._again_at = 0.0
        self._said: str | None = None

    def stop(self) -> None:
        """Save what trains, and end."""
        self._is_stopped = True

    def run(self) -> None:
        """Train them."""
        steps = sum(member.experiment.max_steps for member in self._members)
        bar = Bar(steps, sys.stderr)
        try:
            while (self._waiting or self._training) and not self._is_stopped:
                self._begin()
                self._keep_up()
                bar.show(*self._progress())
                time.sleep(LOOK_SECONDS)
        finally:
            bar.close()
            for member in self._training:
                if member.run is not None:
                    member.run.pause()
            for member in self._training:
                member.save(ANSWER_SECONDS)

    def _begin(self) -> None:
        places = 1 if self._host is None else max(1, len(self._host.workers))
        while self._waiting and len(self._training) < places:
            member = self._waiting.popleft()
            self._training.append(member)
            member.begin(self._lab)

    def _keep_up(self) -> None:
        again = time.monotonic() >= self._again_at
        for member in tuple(self._training):
            run = member.run
            assert run is not None
            if member.keep_up():
                self._training.remove(member)
                self._lab.remove(run.id)
                self._table.write(self._members)
            elif run.state is State.PAUSED and again:  # its worker has ended, or there is none
                if self._lab.trouble is None:
                    run.play()
                self._again_at = time.monotonic() + AGAIN_SECONDS

    def _progress(self) -> tuple[int, float, Callable[[], str]]:
        """Iterations done of all, iterations a second, and how many runs have ended."""
        done = sum(member.experiment.max_steps if member.row else member.iteration for member in self._members)
        ended = sum(member.row is not None for member in self._members)
        return done, sum(member.rate for member in self._training), lambda: f"{ended} of {len(self._members)} runs"


class SweepTable:
    """The rows of the runs that have ended, as CSV and as Markdown, written anew when another one has.

    Attributes:
        paths: of both files.
    """

    def __init__(self, directory: Path, grid: Grid) -> None:
        self.paths = (directory / CSV, directory / MARKDOWN)
        self._fields = [axis.field for axis in grid.axes]

    def write(self, members: Sequence[Member]) -> None:
        """Write the rows that there are, in the order of the plan.

        Raises:
            OSError: the disk does not take them.
        """
        rows = [member.row for member in members if member.row is not None]
        measures = list(dict.fromkeys(name for row in rows for name in row.measures))
        head = [*self._fields, "iteration", *measures, "broken", "run"]
        lines = [_cells(row, measures) for row in rows]
        in_csv, in_markdown = self.paths

        def as_csv(path: Path) -> None:
            with path.open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows([head, *lines])

        text = [head, ["---"] * len(head), *lines]
        _replace(in_csv, as_csv)
        _replace(in_markdown, lambda path: path.write_text("".join(map(_line, text)), encoding="utf-8"))


def _cells(row: Row, measures: Sequence[str]) -> list[str]:
    measured = (number(row.measures.get(name, math.nan)) for name in measures)
    return [*map(str, row.settings.values()), str(row.iteration), *measured, row.broken, row.folder]


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _replace(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file so that whoever reads it finds all of it, the old or the new."""
    fresh = path.with_name(f"{path.name}.new")
    write(fresh)
    fresh.replace(path)


def _say(sentence: str) -> None:
    sys.stderr.write(f"ganlab: {sentence}\n")
