"""One plain line on how a game stands, and the evidence for it: rules, tried in order of urgency; the first speaks."""
