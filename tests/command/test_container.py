"""The Dockerfile's steps, one by one, without a container engine."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from ganlab.command.cli import main
from tests.serving import ROOT, serving

DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")


def steps(instruction: str) -> list[str]:
    """What follows each of these instructions."""
    return re.findall(rf"^ *{instruction} +(.*)$", DOCKERFILE, re.MULTILINE)


def copied_to(folder: Path) -> None:
    """Put there what the container gets."""
    for step in steps("COPY"):
        *sources, target = step.split()
        for source in sources:
            place = folder / target / source if target.endswith("/") else folder / target
            place.parent.mkdir(parents=True, exist_ok=True)
            copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
            copy(ROOT / source, place)


def test_what_it_copies_is_all_that_a_wheel_is_made_of(tmp_path: Path) -> None:
    copied_to(tmp_path)
    described = tomllib.loads((tmp_path / "pyproject.toml").read_text())
    built = described["tool"]["hatch"]["build"]["targets"]["wheel"]
    files = [described["project"]["readme"], *described["project"]["license-files"], *built["force-include"]]
    assert all((tmp_path / file).exists() for file in [*files, *built["packages"], "constraints.txt"])
    kept = (ROOT / ".dockerignore").read_text()
    assert all(f"!{source}\n" in kept for step in steps("COPY") for source in step.split()[:-1])


def test_it_installs_the_pinned_set_and_does_not_run_as_root() -> None:
    [install] = [step for step in steps("RUN") if "pip install" in step]
    assert "-c constraints.txt" in install and "whl/cpu" in install
    assert "torch==" in (ROOT / "constraints.txt").read_text()
    assert steps("USER") == ["ganlab"]
    assert DOCKERFILE.index("USER ganlab") < DOCKERFILE.index("\nCMD")


def test_an_installed_copy_serves_and_passes_its_own_health_check(tmp_path: Path) -> None:
    pytest.importorskip("hatchling", reason="a wheel is built with hatchling: pip install hatchling")
    copied_to(tmp_path / "src")
    install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*install, "--target", str(tmp_path / "site"), str(tmp_path / "src")], check=True)
    command = json.loads(steps("CMD")[-1])
    arguments = [each for each in command[1:] if each not in ("--port", "8501", "--no-browser")]
    first = f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r})"
    with serving(tmp_path / "log.txt", *arguments, first=first) as server:
        check = json.loads(steps("HEALTHCHECK")[0].partition("CMD ")[2])
        asked = check[2].replace("127.0.0.1:8501", server.address.partition("://")[2])
        subprocess.run([sys.executable, "-c", asked], check=True, env=os.environ)
        assert not server.tracebacks()


def test_its_command_is_one_that_ganlab_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr("runpy.run_module", lambda name, **_: started.extend(sys.argv))
    monkeypatch.setattr(sys, "argv", ["ganlab"])
    program, *arguments = json.loads(steps("CMD")[-1])
    main(arguments)
    assert program == "ganlab" and "--server.address=0.0.0.0" in started
    assert f"--server.port={steps('EXPOSE')[0]}" in started
