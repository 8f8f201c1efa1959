"""The evidence pack: a project's record in a bag that strangers can open, read and check without us."""
