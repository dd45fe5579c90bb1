"""The formats that can be written, one module each; `export.registry` finds them."""
