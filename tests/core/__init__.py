"""Laws of the pure core: given events, when a command comes, then this outcome."""
