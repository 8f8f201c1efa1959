"""Tests of the conformance checks, of the skeleton of a plugin, and of the pytest plugin."""
