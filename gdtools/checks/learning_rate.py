"""The exercises of notebook 02: how large a step may be."""
