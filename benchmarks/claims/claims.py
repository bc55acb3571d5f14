"""All claims, in the order of the table."""

from __future__ import annotations

from benchmarks.claims import of_clinic, of_commentary, of_presets, of_tips, of_walkthroughs

CLAIMS = (*of_commentary.CLAIMS, *of_presets.CLAIMS, *of_walkthroughs.CLAIMS, *of_clinic.CLAIMS, *of_tips.CLAIMS)
