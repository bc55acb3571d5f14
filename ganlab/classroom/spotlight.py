"""One run of the class before all eyes: on the board, and offered on every student's page, to look at only."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class Spotlight(BaseModel):
    """The run that the teacher shows.

    Attributes:
        run: its id, which commands it: for the server alone.
        seat: the number of its seat.
        title: its data and its method. What its student called it stays out, for it may say who that is.
        named: whether the name of its seat is shown.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    run: str
    seat: int
    title: str
    named: bool

    def for_pages(self, watch_id: str, name: str, looks: int | None) -> dict[str, Any]:
        """What a page may know of it; `name` is that of its seat, and `looks` the seat of whoever looks."""
        return {
            "watch": watch_id,
            "title": self.title,
            "name": name if self.named else "",
            "yours": looks == self.seat,
        }
