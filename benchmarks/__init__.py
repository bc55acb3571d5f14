"""What GanLab's speed is, as figures that one command reproduces: see README.md."""

import os

# The tutorial's loop runs in this process, so its threads must wait as OpenMP has them wait by default (the value is
# libgomp's own), not as GanLab sets them for itself. The servers are started without it.
os.environ.setdefault("GOMP_SPINCOUNT", "300000")
