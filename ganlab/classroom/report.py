"""The record of a seat as a page that a browser shows without a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from ganlab.experiment import GROUPS, Experiment, ExperimentError, knob
from ganlab.runs.state import MOVED

STYLE = """
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif;
  color-scheme: light dark }
article { display: grid; grid-template-columns: 112px 1fr; gap: 0 1.5rem; margin: 2rem 0; padding-top: 1rem;
  border-top: 1px solid #8886 }
img { width: 112px; image-rendering: pixelated } h1, h2, p { margin: 0 0 .4rem } h2 { font-size: 1.2rem }
table { border-collapse: collapse; font-size: .9rem } td { padding: .1rem .8rem .1rem 0; vertical-align: top }
"""
LATELY = 100  # iterations whose mean stands for the end
DONE = {
    "change": "changed",
    "step_d": "one update of D alone",
    "step_g": "one update of G alone",
    MOVED: "went on, on another kind of device",
}


def report(seat: str, runs: Sequence[Mapping[str, Any]]) -> str:
    """An HTML page on these runs of a seat, as `record_of_a_run` tells them; each names its picture."""
    body = "".join(map(_article, runs)) or "<p>No run of this seat was saved.</p>"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(seat)}</title>'
        f"<style>{STYLE}</style></head><body><h1>{escape(seat)}</h1>{body}</body></html>\n"
    )


def _article(run: Mapping[str, Any]) -> str:
    what = run.get("title", "A run of another version")
    parts = [
        f"<h2>{escape(run['name'] or what)}</h2>",
        f"<p>{escape(what) + ': ' if run['name'] else ''}{run['iteration']:,} iterations, {escape(run['state'])}.</p>",
        f"<p><b>{escape(run['verdict'])}</b></p>",
        f"<p>{escape(run['message'])}</p>" if run.get("message") else "",
        _best(run.get("best")),
        _details(f"Measures: means of the last {LATELY} iterations", _in_words(run["measures"])),
        _details("Changes while it trained", map(_change, run.get("changes", ()))),
        _details("Settings", _settings(run.get("settings", {}))),
    ]
    return f'<article><img src="{escape(run["picture"])}" alt="Samples"><div>{"".join(parts)}</div></article>'


def _best(best: Mapping[str, Any] | None) -> str:
    if best is None:
        return ""
    good = f"{best['good_samples']:.0%} good samples"
    return f"<p>At its best, at iteration {best['iteration']:,}: {best['modes']} modes, {good}.</p>"


def _change(change: Sequence[Any]) -> tuple[str, str]:
    iteration, kind, values = change
    told = ", ".join(f"{knob(name).label}: {value}" for name, value in values.items())
    return f"After iteration {iteration:,}", told or DONE.get(kind, kind)


def _settings(values: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Those that have an effect, in the words of the app."""
    try:
        experiment = Experiment.of(**values)
    except ExperimentError:
        return list(values.items())
    notes = {name: note for name in values if (note := knob(name)).applies(experiment)}
    return [
        (f"{GROUPS[note.group]}: {note.label}", note.choices.get(values[name], values[name]))
        for name, note in notes.items()
    ]


def _in_words(measures: Mapping[str, float]) -> list[tuple[str, float]]:
    return [(name.replace("_", " "), value) for name, value in measures.items()]


def _details(title: str, rows: Any) -> str:
    lines = "".join(f"<tr><td>{escape(str(name))}</td><td>{escape(str(value))}</td></tr>" for name, value in rows)
    return f"<details><summary>{escape(title)}</summary><table>{lines}</table></details>" if lines else ""
