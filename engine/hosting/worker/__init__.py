"""What runs in the process of a plugin: it shuts itself in, loads the plugin, and answers one call at a time."""
