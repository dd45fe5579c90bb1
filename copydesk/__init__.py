"""Turn bundles of scraped news articles into tables of who said what, where and when."""
