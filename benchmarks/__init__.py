"""How good and how fast copydesk is: one runnable module per question."""
