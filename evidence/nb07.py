"""Claims of notebook 07 and its exercises."""
