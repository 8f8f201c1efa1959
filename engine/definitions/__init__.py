"""From the text of a definition to a `Workflow`, or to every mistake in it at once."""
