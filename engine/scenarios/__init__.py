"""Scenarios: short stories about a definition, played through the real engine, and breaks that they should notice."""
