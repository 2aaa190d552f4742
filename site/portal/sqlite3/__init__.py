"""Django's SQLite engine, with write transactions that wait for their turn in a queue."""
