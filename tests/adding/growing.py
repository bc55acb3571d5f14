"""A copy of the package with what a page of docs/adding tells its reader to write: so the pages stay true.

Each page's steps are headed by a line such as

    In `ganlab/game/losses.py`, after `_LOSSES = (`:
    In `ganlab/game/losses.py`, before `LOSSES:`:
    A new file `ganlab/views/calm.py`:

and a block of code, which goes after (before) the first line that begins so (leading spaces aside), or makes the file.
"""

from __future__ import annotations

import inspect
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
STEP = re.compile(
    r"^(?:In `(?P<file>[^`]+)`, (?P<side>after|before) `(?P<anchor>[^`]+)`|A new file `(?P<new>[^`]+)`):\n\n"
    r"```\w+\n(?P<code>.*?)```$",
    re.MULTILINE | re.DOTALL,
)


# A reader of checks: each line of its input is a check's source as JSON, each line of its output what went wrong.
INTERPRETER = """
import json, sys, traceback
answers, sys.stdout = sys.stdout, sys.stderr
for line in sys.stdin:
    try:
        exec(json.loads(line), {"__name__": "check"})
        failed = ""
    except BaseException:
        failed = traceback.format_exc()
    print(json.dumps(failed), file=answers, flush=True)
"""


class Grown:
    """A copy of the package in `folder`, and one process that uses it; `touched` are the files that the page touches.

    The process is begun with the first check and shared by all, since it is importing that takes the time.
    """

    def __init__(self, folder: Path, touched: frozenset[str]) -> None:
        self.folder = folder
        self.touched = touched
        self._log = folder / "log.txt"
        self._process: subprocess.Popen[str] | None = None

    def call(self, check: Callable[[], None]) -> None:
        """Run a function with the copy; it imports all that it needs, and the test fails if it does."""
        if self._process is None:
            self._process = self._begun()
        assert self._process.stdin is not None and self._process.stdout is not None
        code = f"{inspect.getsource(check)}\n\n{check.__name__}()"
        print(json.dumps(code), file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        assert answer, f"the process ended:\n{self._log.read_text(encoding='utf-8')}"
        failed = json.loads(answer)
        assert not failed, failed

    def end(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    def _begun(self) -> subprocess.Popen[str]:
        path = os.pathsep.join([str(self.folder), str(ROOT)])  # the copy of the package, and the tests' own helpers
        with self._log.open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-c", INTERPRETER],
                cwd=self.folder,
                env=os.environ | {"PYTHONPATH": path, "GANLAB_RUNS": str(self.folder / "runs")},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )


@contextmanager
def growing(page: str, folder: Path) -> Iterator[Grown]:
    """The copy of the package in which was done what docs/adding/`page` says, as long as it is needed."""
    grown = Grown(folder, grow(page, folder))
    try:
        yield grown
    finally:
        grown.end()


def grow(page: str, folder: Path) -> frozenset[str]:
    """Copy the package to `folder` and do there what docs/adding/`page` says; returns the source files it touches."""
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
    return frozenset(step["file"] or step["new"] for step in steps)


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
