"""One room for each family of wishes: what is asked of it, and the facts it makes."""
