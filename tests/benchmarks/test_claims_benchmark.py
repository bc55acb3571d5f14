"""The table of claims: the app's own words, questions that can be denied, and no text that is left out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.claims.__main__ import RESULTS
from benchmarks.claims.claims import CLAIMS
from benchmarks.claims.elsewhere import PROVED, SILENT
from benchmarks.claims.observed import Claim
from benchmarks.claims.of_commentary import JUDGES
from benchmarks.claims.of_walkthroughs import (
    costs_more,
    descent_leads_inwards,
    gradient_is_kept,
    scores_are_not_parted,
)
from benchmarks.claims.runs import RUNS
from benchmarks.claims.table import ENOUGH, judged, table
from ganlab.experiment import Experiment
from ganlab.presets import PRESETS
from ganlab.presets.clinic import CASES
from ganlab.presets.walkthroughs import walkthrough_of
from ganlab.views.comments import gan, vae

ROOT = Path(__file__).parents[2]


def texts_of(where: str) -> list[str]:
    """All that the app says of a preset (its explanation, its case's texts, its walk-through's page) or a setting."""
    if where in Experiment.model_fields:
        return [Experiment.knob(where).help]
    texts = [PRESETS[where].explanation]
    if (case := CASES.get(where)) is not None:
        texts += [case.wrong, case.watch, case.why]
    if (walk := walkthrough_of(where)) is not None:
        texts += [walk.shows, walk.watch, *walk.wrongly, *(step.explanation for step in walk.steps)]
    return texts


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: f"{claim.where}: {claim.text}")
def test_every_claim_is_what_the_app_says_of_runs_that_are_made(claim: Claim) -> None:
    assert set(claim.runs) <= set(RUNS)
    if claim.kind != "commentary":
        assert any(claim.text in text for text in texts_of(claim.where))


def test_every_text_about_a_run_is_in_the_table_or_says_why_not() -> None:
    told = {claim.where for claim in CLAIMS if claim.kind not in ("commentary", "tip")}
    assert told | set(PROVED) | set(SILENT) == set(PRESETS)
    assert not (told | set(PROVED)) & set(SILENT)
    assert set(CASES) <= told


@pytest.mark.parametrize("test", sorted(set(PROVED.values())), ids=lambda test: test.partition("::")[2])
def test_what_is_proved_elsewhere_names_a_test(test: str) -> None:
    file, _, name = test.partition("::")
    assert f"def {name}(" in (ROOT / file).read_text()


def test_the_rules_that_have_a_judge_are_rules() -> None:
    source = "".join(Path(module.__file__ or "").read_text() for module in (gan, vae))
    assert all(f'"{verdict}"' in source for verdict in JUDGES)


def test_a_claim_can_turn_out_false() -> None:
    inwards, round_it = ({"looks": {"sliced_wasserstein": [0.5, nearest, 0.6]}} for nearest in (0.2, 0.4))
    assert descent_leads_inwards(inwards)[0] and not descent_leads_inwards(round_it)[0]
    assert not costs_more({"ms": 3.0}, {"ms": 4.0})[0]
    flat, saturated = ({"quarters": {"grad_norm_g": [length]}} for length in (0.0, 0.01))
    assert not gradient_is_kept(flat, saturated)[0]
    parted, together = ({"quarters": {"score_real": [real], "score_fake": [0.5]}} for real in (0.6, 0.5))
    assert scores_are_not_parted(together, together)[0]
    assert not scores_are_not_parted(parted, parted)[0] and not scores_are_not_parted(together, parted)[0]


def test_a_verdict_that_is_not_given_or_that_an_onlooker_denies_is_not_right() -> None:
    (claim,) = (claim for claim in CLAIMS if claim.where == "balanced")
    silent = {"said": {"verdict": ["learning"] * 4, "distance": [0.1] * 4}}
    agreed = {"said": {"verdict": ["balanced"] * 4, "distance": [9.0, 0.1, 0.1, 0.1]}}
    denied = {"said": {"verdict": ["balanced"] * 4, "distance": [0.1, 0.5, 0.5, None]}}
    assert claim.holds(silent, agreed)[0]
    assert not claim.holds(silent, denied)[0] and not claim.holds(silent, silent)[0]


def test_the_table_counts_seeds_that_all_runs_of_a_claim_have() -> None:
    seeds = [{"seed": 0, "ms": 5.0}, {"seed": 1, "ms": 3.0}, {"seed": 2, "ms": 9.0}]
    results = {"walk-5-100": {"seeds": seeds}, "walk-5-strided": {"seeds": [{"seed": s, "ms": 4.0} for s in (0, 1)]}}
    written = table(results)
    (line,) = [line for line in written.splitlines() if line.startswith("| walk-through")]
    assert line.endswith("| see what a step costs now. | 1 of 2 | 5 ms an iteration, 4 ms<br>3 ms an iteration, 4 ms |")
    assert "- walk-5-100: see what a step costs now. (1 of 2)" in written, "and asks for another look"


def test_the_written_table_holds_todays_claims_against_the_runs_that_were_made() -> None:
    results = json.loads(RESULTS.with_suffix(".json").read_text())
    assert RESULTS.with_suffix(".md").read_text() == table(results)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: f"{claim.where}: {claim.text}")
def test_what_was_measured_bears_the_claim_out(claim: Claim) -> None:
    verdicts = judged(claim, json.loads(RESULTS.with_suffix(".json").read_text()))
    said = [so for so, _ in verdicts.values() if so is not None]
    assert sum(said) >= ENOUGH * len(said)
