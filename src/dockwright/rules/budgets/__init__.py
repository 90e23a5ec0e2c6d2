"""Rules: budgets."""
