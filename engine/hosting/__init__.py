"""Where plugins live: found, described, and run in processes of their own, with limits."""
