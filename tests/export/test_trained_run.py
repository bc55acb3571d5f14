"""What is taken home of a run belongs to one moment."""

from __future__ import annotations

from concurrent.futures import Future

from ganlab.experiment import Experiment
from ganlab.export.trained_run import trained_run
from ganlab.runs import Run, RunRecord
from tests.export.conftest import TINY


class ResetAtOnce(Run):
    """Is reset as soon as it has answered."""

    def record(self) -> Future[RunRecord]:
        answer = super().record()
        self.obey()
        self.reset()
        self.obey()
        return answer


def test_a_reset_right_after_the_copy_leaves_it_whole() -> None:
    experiment = Experiment.of(**TINY)
    run = ResetAtOnce(experiment)
    run.step()
    run.obey()
    run.change(lr_g=1e-4)
    run.step_d()
    taken = trained_run(run.record().result(timeout=0))
    assert run.iteration == 0
    assert (taken.iteration, len(taken.history), taken.initial_experiment) == (2, 2, experiment)
    assert [each.kind for each in taken.interventions] == ["change", "step_d"]
