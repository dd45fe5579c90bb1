"""The formats that can be read, one module each; `reading.registry` finds them."""
