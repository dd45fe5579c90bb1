"""The transformer that finds quotations, with its weights and model card."""
