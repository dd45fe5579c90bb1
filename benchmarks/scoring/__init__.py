"""Definitions of quality: pure functions from gold rows and predicted rows to figures."""
