"""The exercises of notebook 05: what the noise costs, and what it buys."""
