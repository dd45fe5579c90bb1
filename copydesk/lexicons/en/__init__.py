"""Words and patterns of English, one TOML file for each use."""
