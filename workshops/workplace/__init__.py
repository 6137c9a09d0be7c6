"""The workplace of those who plan and lead workshops."""
