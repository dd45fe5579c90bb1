"""Score what was found against gold, with the measures of the field."""
