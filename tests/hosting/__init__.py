"""Tests of the host: finding plugins, and asking them in processes of their own."""
