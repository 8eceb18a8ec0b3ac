"""Claims of notebook 09 and its exercises."""
