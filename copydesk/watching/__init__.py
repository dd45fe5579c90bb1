"""Tell people what was newly said that they asked to be told of: a table, and a feed."""
