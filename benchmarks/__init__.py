"""Figures, each measured against a reference run beside it on the same machine in the same minutes.

Each file runs alone (`python -m benchmarks.status`); `make bench` runs all. What counts as good stands in `goals.toml`.
"""
