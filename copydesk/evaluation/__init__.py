"""Say how the code of today compares: with corrections, with gold, with what is published."""
