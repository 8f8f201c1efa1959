"""Scenarios: what is read, what is played, what is noticed."""
