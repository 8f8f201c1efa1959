"""cocycle's engine: import what you need from `engine.api`; the rooms behind it are private."""
