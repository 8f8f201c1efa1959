"""Proofs about a definition that has the right shape: where its stages lead, and whether each gate can be passed."""
