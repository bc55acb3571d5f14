"""The state of one browser tab: its run, the runs that it can go back to, and how each is shown."""

from __future__ import annotations

from dataclasses import dataclass, field

from ganlab.experiment import Experiment
from ganlab.runs import Run

MOST_ASIDE = 5  # earlier runs that a tab keeps a way back to


@dataclass(frozen=True)
class DataRequest:
    """An experiment that waits for its data: to be downloaded, or handed in."""

    experiment: Experiment
    preset: str | None
    why: str = ""  # they are not here, where that needs saying


@dataclass(frozen=True)
class ParkedRun:
    """A run beside the one that the train page shows, and what it had started from."""

    run: Run
    preset: str | None
    start: Experiment


@dataclass
class RunLabel:
    """The name and the colour by which people tell a run from the others of its tab."""

    colour: int  # its place in the palette of runs
    name: str = ""  # as a person called it; where nobody did, its settings say what to call it
    hidden: bool = False


@dataclass
class Tab:
    """The state of one browser tab.

    Attributes:
        run: the one on the train page.
        preset: the preset last chosen; start: what "Defaults" goes back to.
        aside: runs that the train page has left, the latest last.
        beside: runs that the Compare page has opened.
        labels: by the run's id, in the order in which the tab's runs are listed.
        picked: the id of the run that the other pages work on; None for the one on the train page.
        complaints: by field, why its last value was refused; those that are not said yet.
        drawn: by group of settings, what its look depended on when it was drawn last.
        notices: to be said once.
        troubles: with saving runs and with training them, as they were said last.
        walls: by the run's id, the wall that it was opened from as a member.
        address: the id of the run that was last put into the page's address; addressed: when, in monotonic seconds.
    """

    run: Run
    preset: str | None
    start: Experiment
    aside: list[ParkedRun] = field(default_factory=list)
    beside: list[ParkedRun] = field(default_factory=list)
    labels: dict[str, RunLabel] = field(default_factory=dict)
    picked: str | None = None
    complaints: dict[str, str] = field(default_factory=dict)
    drawn: dict[str, object] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    troubles: dict[str, str | None] = field(default_factory=dict)
    walls: dict[str, str] = field(default_factory=dict)
    address: str = ""
    addressed: float = 0.0
    wanted: DataRequest | None = None

    def turn_to(self, run: Run) -> None:
        """Work on this run; the present one is paused and kept if it has learnt anything."""
        old, self.run = self.run, run
        if old.iteration > 0:
            self.put_aside(old)
        else:
            self._stand_in(old)

    def put_aside(self, old: Run) -> None:
        """Pause the run and keep the way back, if it has learnt anything.

        One that hasn't is the Lab's to put away: another tab may be on it.
        """
        old.pause()
        if old.iteration > 0:
            self.aside = [*self.aside, ParkedRun(old, self.preset, self.start)][-MOST_ASIDE:]

    def _stand_in(self, old: Run) -> None:
        """The tab's run takes the place of one that has learnt nothing: its name, its colour, its place beside."""
        old.pause()
        self.labels = {self.run.id if key == old.id else key: label for key, label in self.labels.items()}
        parked = ParkedRun(self.run, self.preset, self.start)
        self.beside = [parked if each.run is old else each for each in self.beside]
