"""The peer of the rating's way in: a bare Django view that inserts one event of four answers."""
