"""Claims of notebook 02 and its exercises."""
