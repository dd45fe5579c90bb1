"""Write the published tables as files for people: `export` does it, `formats` says how."""
