"""One iteration under a recorder: which line gave which names which values, told in steps."""
