"""Plugins that mean harm, or are broken in ways that do as much: none opens a gate or stops anybody."""
