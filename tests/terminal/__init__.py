"""Tests of the terminal floor, as a stranger would try it."""
