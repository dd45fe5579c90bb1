"""Names, and what stands for them: titles, chains, descriptions, pronouns."""
