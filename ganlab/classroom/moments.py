"""How a run stands at this moment, large enough for a projector."""

from __future__ import annotations

from typing import Any

from ganlab.classroom.wall import WANTED, Glimpse
from ganlab.live.hub import Hub
from ganlab.runs.naming import data_and_method
from ganlab.runs.run import Run

PATIENCE = 10.0  # seconds


async def moment_of(run: Run, hub: Hub) -> dict[str, Any] | None:
    """What a pin keeps of a run: the samples and the verdict of one frame; None where none comes in time."""
    glimpse = Glimpse(run, hub, WANTED | {"samples"}, PATIENCE)
    try:
        await glimpse.look()
    finally:
        glimpse.close()
    if not glimpse.comment:
        return None
    return {
        "title": data_and_method(run.experiment),
        "iteration": glimpse.iteration,
        "headline": glimpse.comment["headline"],
        "evidence": glimpse.comment["evidence"],
        "severity": glimpse.comment["severity"],
        "picture": glimpse.picture,
    }
