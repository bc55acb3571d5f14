"""The Compare page: several runs of a tab side by side."""
