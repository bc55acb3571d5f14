"""What the documents say of the code is so: links lead somewhere, named files exist, the floors are the contract's."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "benchmarks" / "README.md"])
LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)")
NAMED = re.compile(r"`((?:ganlab|tests|docs|benchmarks|pages|assets)/[\w./-]+)`")
MADE_BY_A_READER = re.compile(r"^A new file `([^`]+)`:", re.MULTILINE)  # a step of docs/adding


def name_of(document: Path) -> str:
    return str(document.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_links_and_named_files_lead_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for target in LINK.findall(text):
        assert (document.parent / target).exists(), f"{document.name} links to {target}"
    for path in set(NAMED.findall(text)) - set(MADE_BY_A_READER.findall(text)):
        assert (ROOT / path).exists(), f"{document.name} names {path}"


def test_the_floors_are_those_of_the_import_contract() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    contract = [sorted(room.strip() for room in layer.split("|")) for layer in layers if layer != "__main__"]
    rows = re.findall(r"^\| \d+ \| (.+?) \|", (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8"), re.M)
    assert [sorted(re.findall(r"`(\w+)`", row)) for row in rows] == contract
