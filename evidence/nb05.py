"""Claims of notebook 05 and its exercises."""
