"""A definition as people read it: its page and its diagrams."""
