"""Ratings, their rollups, and what was published from them."""

from feedback.models.ratings import Comment, DailySalt, DeviceDay, Rating, Rollup
from feedback.models.snapshots import Snapshot, SnapshotScore

__all__ = [
    "Comment",
    "DailySalt",
    "DeviceDay",
    "Rating",
    "Rollup",
    "Snapshot",
    "SnapshotScore",
]
