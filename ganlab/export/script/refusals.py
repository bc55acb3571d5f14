"""What the exported script can't express, said in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from ganlab.experiment import Experiment, is_conditional, knob
from ganlab.experiment.choices import MISTAKES
from ganlab.export.files import CannotExport
from ganlab.export.script.mistakes import RIGHT, lines_of
from ganlab.export.script.phases import Phase, changed_methods
from ganlab.game.penalties import GRADIENT_PENALTIES

UNROLLED_ALONE = (
    "The script can't express an unrolled discriminator (unroll_steps) together with a condition, InfoGAN's codes, "
    "feature matching or the cosine."
)
MISTAKE = "The script can't express this mistake (mistake) {where}: {said}."
# With these, a mistake would show in other lines too, or random numbers be drawn in another order.
DRAWING = tuple(name for name, penalty in GRADIENT_PENALTIES.items() if "rng" in penalty.takes and name != "gp_weight")
NOT_WITH_A_MISTAKE = ("unroll_steps", "lecam_weight", "consensus_weight", *DRAWING)


def refuse_what_it_can_not_do(stretches: Sequence[Phase]) -> None:
    """Let only those runs pass that the script can express.

    Raises:
        CannotExport: which settings it can't express.
    """
    for phase in stretches:
        e = phase.experiment
        if knob("unroll_steps").applies(e) and e.unroll_steps > 0 and _asks_more_than_logits(e):
            raise CannotExport(UNROLLED_ALONE)
    e = stretches[0].experiment
    if lines_of(e) is RIGHT:
        return
    said = MISTAKES[e.mistake]
    if changed := changed_methods(stretches):
        raise CannotExport(MISTAKE.format(where=f"where {', '.join(sorted(changed))} changed on the way", said=said))
    if not _shows_where_it_should(e):
        raise CannotExport(MISTAKE.format(where="with the run's other methods", said=said))


def _asks_more_than_logits(e: Experiment) -> bool:
    return is_conditional(e) or e.feature_matching > 0 or e.cosine_weight > 0


def _shows_where_it_should(e: Experiment) -> bool:
    """Whether this run's mistake shows in its own lines, and in those alone."""
    weighted = lines_of(e).penalties
    return not any(getattr(e, name) for name in NOT_WITH_A_MISTAKE) and all(getattr(e, name) for name in weighted)
