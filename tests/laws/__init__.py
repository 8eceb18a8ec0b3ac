"""The laws that each notebook states, found by running: a file for each notebook."""
