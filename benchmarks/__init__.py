"""What GanLab's speed is, as figures that one command reproduces: see README.md."""
