"""Outside places that keep checkpoints, so that the past cannot be rewritten without somebody else noticing."""
