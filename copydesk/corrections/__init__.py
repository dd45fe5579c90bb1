"""What people correct: files of rows, and the functions that apply them."""
