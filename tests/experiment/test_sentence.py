"""A sentence is its text in Python, travels as a template and its values, and reads the same in the browser."""

from __future__ import annotations

import json
import math
import pickle
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ganlab.experiment.sentence import Sentence, from_plain, to_plain
from ganlab.live.frames import encode
from tests.live.decoding import decode

SENTENCES = Path(__file__).parents[2] / "ganlab" / "browser" / "base" / "sentences.js"
NODE = shutil.which("node")
NESTED = Sentence("{modes}: {share:.0%}.", modes=Sentence("{n:,} of {all}", n=1200, all=8), share=0.125)

# Reads a list of sentences and writes their texts.
READER = f"""
import {{ readFileSync }} from "node:fs";
import {{ textOf }} from {json.dumps(SENTENCES.as_uri())};
console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf-8")).map(textOf)));
"""


def read_by_the_browser(said: list[Sentence]) -> list[str]:
    command = [str(NODE), "--input-type=module", "--eval", READER]
    given = json.dumps([to_plain(each) for each in said])
    done = subprocess.run(command, input=given, capture_output=True, encoding="utf-8", timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


def test_it_is_a_text_that_keeps_its_parts_on_every_way() -> None:
    assert NESTED == "1,200 of 8: 12%."
    for again in (from_plain(json.loads(json.dumps(to_plain(NESTED)))), pickle.loads(pickle.dumps(NESTED))):
        assert again == NESTED
        assert again.parts() == NESTED.parts()
    assert decode(encode({"message": NESTED}))["message"] == NESTED.parts()


def test_text_that_an_older_version_stored_stays_as_it_is() -> None:
    assert from_plain("Braces {in} a text.") == to_plain("Braces {in} a text.") == "Braces {in} a text."
    assert from_plain(None) is None


def test_numbers_that_json_lacks_are_named() -> None:
    said = Sentence("{loss:.3g}, {share:.0%}", loss=math.inf, share=math.nan)
    assert said == "inf, nan%"
    assert from_plain(json.loads(json.dumps(to_plain(said)))) == said


FORMATS = (".2f", ".0f", ",.0f", ".1g", ".2g", ".3g", ".0%")
PLACES = ", ".join(f"{{value:{each}}}" for each in FORMATS)


@pytest.mark.skipif(NODE is None, reason="Needs node: install Node.js to run the browser's own tests.")
@settings(max_examples=3, deadline=None)
@example([0.5, 1.5, 2.5, 0.125, 0.375, 0.005, 9.995, 99.5, 999.5, 1e-4, 9.9995e-5, 123456.5, 1e16, -0.0, -2.5])
@example([math.nan, math.inf, -math.inf, 0.0, 1.0, 1e-300, 1e18, 0.25, 0.45, 25.0, 250.0])
@given(st.lists(st.floats(-1e18, 1e18), min_size=200, max_size=300))
def test_the_browser_writes_the_same_digits(values: list[float]) -> None:
    said = [Sentence(PLACES, value=value) for value in values]
    assert read_by_the_browser(said) == [str(each) for each in said]


@pytest.mark.skipif(NODE is None, reason="Needs node: install Node.js to run the browser's own tests.")
def test_the_browser_puts_counts_names_and_inner_sentences_in_place() -> None:
    said = [NESTED, Sentence("At {at:,}: {name}.", at=1234567, name="D(x) {y}"), Sentence("No values.")]
    assert read_by_the_browser(said) == [str(each) for each in said]
