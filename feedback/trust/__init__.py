"""Which answers are doubted, why, and what people decide about it (rating.md §4)."""
