"""Definitions that use plugins."""
