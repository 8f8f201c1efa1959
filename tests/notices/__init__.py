"""Tests of notices below the engine's door: the box they lie in, and the letters that are made of them."""
