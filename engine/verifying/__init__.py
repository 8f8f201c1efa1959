"""What `ledger verify` looks at, a file for each: entries and words, people, projects, judgements, files, keys."""
