"""What auditors ask of the ledger beside whether it is intact: who did what, where something occurs, and what if."""
