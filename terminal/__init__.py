"""What the command line prints, and its command groups."""
