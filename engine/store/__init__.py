"""The only floor that knows SQL: the register on disk."""
