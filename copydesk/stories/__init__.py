"""Articles that are one text, or that report one event."""
