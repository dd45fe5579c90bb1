"""The catalogue that readers open, exports, and what changed between snapshots."""
