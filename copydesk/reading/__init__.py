"""From files to pages: archives, compression, encodings, formats."""
