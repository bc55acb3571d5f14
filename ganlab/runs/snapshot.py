"""What a run looks like at one step: plain data, ready to be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ganlab.runs.engine import Engine

if TYPE_CHECKING:
    from ganlab.runs.run import Run


def take_snapshot(run: Run, engine: Engine, views: frozenset[str], sequence: int) -> dict[str, Any]:
    """The watched views of a run as they are now, with all that every viewer needs to know.

    Args:
        sequence: how many snapshots of the run came before.
    """
    trainer, probes = engine.trainer, engine.probes
    loss = trainer.loss
    return {
        "run": run.id,
        "sequence": sequence,
        "iteration": trainer.iteration,
        "passes": trainer.sampler.passes,
        "state": str(run.state),
        "message": run.message,
        "rate": run.rate,
        "device": trainer.device.type,
        "kind": probes.kind,
        "loss": {
            "name": loss.name,
            "label": loss.label,
            "boundary": loss.boundary,
            "equilibrium_d": loss.equilibrium_d,
            "equilibrium_g": loss.equilibrium_g,
            "plot_sign_d": loss.plot_sign_d,
            "label_d": loss.label_d,
            "label_g": loss.label_g,
        },
        "views": probes.answer(views),
    }
