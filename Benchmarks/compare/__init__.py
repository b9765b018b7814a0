"""Compares Martlet with its peers on this machine: `python3 -m compare --help`."""
