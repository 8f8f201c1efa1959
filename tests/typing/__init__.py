"""What type checkers say to the author of a plugin."""
