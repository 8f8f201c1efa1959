"""Laws of the ledger: bytes in, bytes out."""
