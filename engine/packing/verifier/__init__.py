"""The parts of `verify.py`, the one file that goes into each pack: standard library only, any Python from 3.9."""
