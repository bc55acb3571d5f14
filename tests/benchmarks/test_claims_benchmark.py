"""The claims of the walk-throughs that an experiment proves: the pages' own words, and questions that can be denied."""

from __future__ import annotations

import json

import pytest

from benchmarks.walkthroughs import RESULTS, RUNS, table
from benchmarks.walkthroughs_claims import (
    CLAIMS,
    Claim,
    costs_more,
    descent_leads_inwards,
    gradient_is_kept,
    scores_are_not_parted,
)
from ganlab.presets.walkthroughs import walkthrough_of


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.text)
def test_every_claim_is_what_the_page_says_of_runs_that_are_made(claim: Claim) -> None:
    walk = walkthrough_of(claim.runs[0].partition(",")[0])
    assert walk is not None
    page = (walk.shows, walk.watch, *walk.wrongly, *(step.explanation for step in walk.steps))
    assert any(claim.text in text for text in page)
    assert set(claim.runs) <= set(RUNS)


def test_a_claim_can_turn_out_false() -> None:
    inwards, round_it = ({"looks": {"sliced_wasserstein": [0.5, nearest, 0.6]}} for nearest in (0.2, 0.4))
    assert descent_leads_inwards(inwards)[0] and not descent_leads_inwards(round_it)[0]
    assert not costs_more({"ms": 3.0}, {"ms": 4.0})[0]
    flat, saturated = ({"quarters": {"grad_norm_g": [length]}} for length in (0.0, 0.01))
    assert not gradient_is_kept(flat, saturated)[0]
    parted, together = ({"quarters": {"score_real": [real], "score_fake": [0.5]}} for real in (0.6, 0.5))
    assert scores_are_not_parted(together, together)[0]
    assert not scores_are_not_parted(parted, parted)[0] and not scores_are_not_parted(together, parted)[0]


def test_the_table_counts_seeds_that_all_runs_of_a_claim_have() -> None:
    seeds = [{"seed": 0, "ms": 5.0}, {"seed": 1, "ms": 3.0}, {"seed": 2, "ms": 9.0}]
    results = {"walk-5-100": {"seeds": seeds}, "walk-5-strided": {"seeds": [{"seed": s, "ms": 4.0} for s in (0, 1)]}}
    (line,) = [line for line in table(results).splitlines() if line.startswith("| 5")]
    assert line == "| 5 | see what a step costs now. | 1 of 2 | 5 ms an iteration, 4 ms<br>3 ms an iteration, 4 ms |"


def test_the_written_table_holds_todays_claims_against_the_runs_that_were_made() -> None:
    results = json.loads(RESULTS.with_suffix(".json").read_text())
    assert RESULTS.with_suffix(".md").read_text() == table(results)
