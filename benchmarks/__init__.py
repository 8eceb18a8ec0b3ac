"""What the course claims to be fast, measured against what one would use instead: `python -m benchmarks`."""
