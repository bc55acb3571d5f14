"""A page that runs a generator in any browser."""
