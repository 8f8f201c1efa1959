"""One conformance suite of the store, on real files."""
