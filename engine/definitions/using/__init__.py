"""What plugins bring into a definition: put into its tree, where it is read like everything an author wrote."""
