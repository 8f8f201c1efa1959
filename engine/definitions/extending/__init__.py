"""A definition that builds on another: its base, the changes, and what mistakes they bring about."""
