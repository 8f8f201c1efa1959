"""Contracts: what pages promise and code does are held together, and so are the rules of the house."""
