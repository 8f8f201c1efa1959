"""Two definitions compared by what they mean, each difference in words and as more, less or otherwise."""
