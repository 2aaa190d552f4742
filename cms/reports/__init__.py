"""What editors and heads of office look over: lists of what is missing, stale, due or to come."""
