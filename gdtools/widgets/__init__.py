"""Figures whose moving parts the browser replays (`live`), and how a widget stands in its cell (`cells`)."""
