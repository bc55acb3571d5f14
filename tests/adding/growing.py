"""A copy of the package with what a page of docs/adding tells its reader to write: so the pages stay true.

Each page's steps are headed by a line such as

    In `ganlab/game/losses.py`, after `_LOSSES = (`:
    In `ganlab/game/losses.py`, before `LOSSES:`:
    A new file `ganlab/views/calm.py`:

and a block of code, which goes after (before) the first line that begins so (leading spaces aside), or makes the file.
"""

from __future__ import annotations

import inspect
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
STEP = re.compile(
    r"^(?:In `(?P<file>[^`]+)`, (?P<side>after|before) `(?P<anchor>[^`]+)`|A new file `(?P<new>[^`]+)`):\n\n"
    r"```\w+\n(?P<code>.*?)```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Grown:
    """A copy of the package in `folder`; `touched` are the source files that the page had its reader write."""

    folder: Path
    touched: frozenset[str]

    def call(self, check: Callable[[], None]) -> None:
        """Run a function with the copy; it imports all that it needs, and the test fails if it does."""
        self.run(f"{inspect.getsource(check)}\n\n{check.__name__}()")

    def run(self, code: str, *, timeout: float = 600) -> str:
        """What a script prints that imports the copy; the test fails with its traceback if it does not end well."""
        path = os.pathsep.join([str(self.folder), str(ROOT)])  # the copy of the package, and the tests' own helpers
        environment = os.environ | {"PYTHONPATH": path, "GANLAB_RUNS": str(self.folder / "runs")}
        command = [sys.executable, "-c", code]
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=timeout, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def grow(page: str, folder: Path) -> Grown:
    """Copy the package to `folder` and do there what docs/adding/`page` says."""
    text = (ROOT / "docs" / "adding" / page).read_text(encoding="utf-8")
    steps = list(STEP.finditer(text))
    assert steps, f"docs/adding/{page} has no step that can be followed"
    assert text.count("```") == 2 * len(steps), f"docs/adding/{page} has code that no step puts anywhere"
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("ganlab", "pages", "assets"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    shutil.copy(ROOT / "app.py", folder)
    for step in steps:
        _follow(step, folder)
    return Grown(folder, frozenset(step["file"] or step["new"] for step in steps))


def _follow(step: re.Match[str], folder: Path) -> None:
    if step["new"]:
        path = folder / step["new"]
        path.parent.mkdir(exist_ok=True)
        assert not path.exists(), f"{step['new']} is there already"
        path.write_text(step["code"], encoding="utf-8")
        return
    path = folder / step["file"]
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    found = [i for i, line in enumerate(lines) if line.strip().startswith(step["anchor"])]
    assert found, f"{step['file']} has no line that begins with {step['anchor']}"
    at = found[0] + (step["side"] == "after")
    path.write_text("".join([*lines[:at], step["code"], *lines[at:]]), encoding="utf-8")
