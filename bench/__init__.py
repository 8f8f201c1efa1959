"""What operations cost, measured; run one with `python -m bench.NAME`."""
