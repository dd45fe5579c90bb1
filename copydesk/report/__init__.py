"""Write the published tables as pages for people: a static site, without a server."""
