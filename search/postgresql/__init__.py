"""The search index in PostgreSQL, for cities with several web servers (decision 0060)."""
