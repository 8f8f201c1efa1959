"""Tests of the definitions floor, as a stranger would try it."""
