"""Claims of notebook 08 and its exercises."""
