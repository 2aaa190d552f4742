"""Ratings, their rollups, what was published from them, and reports about pages."""

from feedback.models.page_reports import PageReport
from feedback.models.ratings import Comment, DailySalt, DeviceDay, Rating, Rollup
from feedback.models.snapshots import Snapshot, SnapshotScore

__all__ = [
    "Comment",
    "DailySalt",
    "DeviceDay",
    "PageReport",
    "Rating",
    "Rollup",
    "Snapshot",
    "SnapshotScore",
]
