"""How fast is it, and how does its cost grow."""
