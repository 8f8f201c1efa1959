"""How a register made by an older cocycle becomes one of this cocycle."""
