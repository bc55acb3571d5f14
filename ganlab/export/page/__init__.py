"""A page that carries out a generator in any browser."""
