"""What the tests of a cluster need: Ray."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

WITHOUT_RAY = "Ray is not installed: pip install 'ganlab[cluster]'"
needs_ray = pytest.mark.skipif(find_spec("ray") is None, reason=WITHOUT_RAY)
