"""Claims of notebook 06 and its exercises."""
