"""Journeys: people use a real register through the front door; each file is named after what they live through."""
