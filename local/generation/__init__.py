"""Servers that speak the protocols of text generators, as far as their documentation says."""
