"""The browser's modules that need no page, called in node: their own tests, and frames that Python wrote."""

from __future__ import annotations

import base64
import inspect
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ganlab.export import card
from ganlab.live.frames import Quantised, encode
from ganlab.runs.state import State
from ganlab.runs.sweeps.measures import COVERAGE
from ganlab.training.history import SCALARS

HERE = Path(__file__).parent
BASE = HERE.parents[1] / "ganlab" / "browser" / "base"
NODE = shutil.which("node")

pytestmark = pytest.mark.skipif(NODE is None, reason="Needs node: install Node.js to run the browser's own tests.")

# Decodes the frame on standard input and writes, as JSON, what it holds; its error's words if it is not a frame.
READER = f"""
import {{ readFileSync }} from "node:fs";
import {{ decode }} from {json.dumps((BASE / "frame.js").as_uri())};

const bytes = Buffer.from(readFileSync(0, "utf-8"), "base64");
const plain = (_, value) => {{
  if (ArrayBuffer.isView(value)) return {{ shape: value.shape, values: [...value].map(String) }};
  return value;
}};
try {{
  console.log(JSON.stringify(decode(new Uint8Array(bytes).buffer), plain));
}} catch (error) {{
  console.log(JSON.stringify(error.message));
}}
"""


def node(*arguments: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [str(NODE), *arguments]
    return subprocess.run(command, input=given, capture_output=True, encoding="utf-8", timeout=120, check=False)


def decoded(frame: bytes) -> Any:
    """The frame as the browser reads it, arrays as {"shape", "values"}."""
    done = node("--input-type=module", "--eval", READER, given=base64.b64encode(frame).decode())
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def numbers(array: dict[str, Any]) -> np.ndarray:
    return np.array([float(value.replace("Infinity", "inf")) for value in array["values"]]).reshape(array["shape"])


def evaluated(expression: str, module: str) -> Any:
    """A JavaScript expression's value, with the module of ganlab/browser/base as `m`."""
    script = f"import * as m from {json.dumps((BASE / module).as_uri())}; console.log(JSON.stringify({expression}));"
    done = node("--input-type=module", "--eval", script)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_modules_pass_their_own_tests() -> None:
    done = node("--test", "--test-reporter=tap", *map(str, sorted(HERE.glob("*.test.js"))))
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^# pass [1-9]", done.stdout, re.MULTILINE), "node found no test"


def test_the_browser_reads_what_python_wrote() -> None:
    points = np.random.default_rng(0).normal(size=(50, 2))
    points[7, 1] = np.nan
    surface = np.linspace(0, 1, 12).reshape(3, 4)
    frame = decoded(
        encode(
            {
                "message": "Größe √2",
                "loss": float("nan"),
                "points": Quantised(points),
                "surface": Quantised(surface, 8),
                "counts": np.array([3, 0, 70000]),
                "curve": np.array([0.5, np.inf], np.float32),
            }
        )
    )
    assert (frame["message"], frame["loss"]) == ("Größe √2", None)
    assert numbers(frame["counts"]).tolist() == [3, 0, 70000]
    assert numbers(frame["curve"]).tolist() == [0.5, float("inf")]
    np.testing.assert_allclose(numbers(frame["points"]), points, atol=1e-4)
    np.testing.assert_allclose(numbers(frame["surface"]), surface, atol=1 / 254)


def test_what_is_not_a_frame_is_refused() -> None:
    assert "not a GanLab frame" in decoded(bytes(16))


def test_the_pages_have_a_word_for_every_state_of_a_run() -> None:
    assert list(evaluated("m.STATES", "words.js")) == [str(state) for state in State]


def test_the_pages_have_a_name_for_every_measure_of_a_wall() -> None:
    assert {*COVERAGE, *SCALARS} <= set(evaluated("m.MEASURES", "words.js"))


def test_a_model_card_calls_measures_as_the_pages_do() -> None:
    written = inspect.getsource(card)
    for measure in COVERAGE:
        assert f'"{evaluated(f"m.title(m.MEASURES.{measure})", "words.js")}"' in written
