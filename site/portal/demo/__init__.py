"""The demo city: procedures, offices, people and ratings of a town that does not exist."""
