"""The pure core: what a project is, what a gate asks, what an act does. No clock, no I/O, no database."""
