"""Write generated pages of the documentation; not part of the wheel."""
