"""The live channel: snapshots of a run become frames, and frames reach every viewer."""
