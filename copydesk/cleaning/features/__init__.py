"""Describe the lines of a page by numbers: their looks, their place, what they repeat.

Pure functions from lines to a matrix, one row per line. A family of columns is one module, and a
column is a name and an expression: `own` (the line alone: length, punctuation, function words, what
its words give away), `repetition` (is this line, or are its words, elsewhere on the page), `place`
(how far the line is from the running copy, and what is between), `matrix` (all of these and those
of the neighbours) and `scores` (what trained word scores say here and around). Nothing is trained
here; `copydesk.training.lines` learns from the columns.

The order of the columns is that of the weights in `lines.npz`.
"""
