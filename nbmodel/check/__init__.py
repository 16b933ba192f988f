"""Stored notebooks held against a fresh run (nbval), and what differs as a table."""
