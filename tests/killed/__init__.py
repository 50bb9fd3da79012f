"""Indexing that is killed at moments drawn by chance, and what must be true of what it leaves."""
