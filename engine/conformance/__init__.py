"""Whether a plugin keeps its word: the checks, and the level they reach."""
