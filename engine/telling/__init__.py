"""How people are told: the words of each notice, read from the register when it is sent, and the ways it is sent."""
