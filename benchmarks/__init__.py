"""Figures against peers: one module each, one JSON line out."""
