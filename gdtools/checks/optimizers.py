"""The exercises of notebook 06: beyond one step size."""
