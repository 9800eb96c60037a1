"""Measurements against peers, each a command: ``python -m bench`` runs them all, ``python -m bench.issue`` one."""
