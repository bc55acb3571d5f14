"""How long tests wait for what must happen."""

PATIENCE = 300.0  # seconds, for a machine ten times slower and busy besides: nothing here measures speed
