"""Claims of notebook 01 and its exercises."""
