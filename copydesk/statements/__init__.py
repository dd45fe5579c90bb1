"""Quotations that render one statement."""
