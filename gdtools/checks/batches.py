"""The exercises of notebook 03: batches, epochs, updates."""
