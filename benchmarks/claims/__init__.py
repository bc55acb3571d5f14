"""What the app says of a run, sentence by sentence, each with the evidence for it: `python -m benchmarks.claims`."""
