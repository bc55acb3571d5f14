"""The Sweep page: many runs of one experiment that differ in a field or two, trained at once."""
