"""Plugins that come with cocycle, entering by the same door as a stranger's."""
