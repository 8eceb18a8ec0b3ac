"""The exercises of notebook 04: how true a mini-batch gradient is."""
