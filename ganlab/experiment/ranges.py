"""The ranges that several fields share."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

LearningRate = Annotated[float, Field(ge=1e-7, le=10.0)]
Beta = Annotated[float, Field(ge=0.0, le=0.99999)]
Depth = Annotated[int, Field(ge=1, le=8)]
Width = Annotated[int, Field(ge=1, le=1024)]
Channels = Annotated[int, Field(ge=2, le=128)]
Steps = Annotated[int, Field(ge=1, le=10_000_000)]
Weight = Annotated[float, Field(ge=0.0, le=1000.0)]
