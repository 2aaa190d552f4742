"""Ratings, their rollups, one-time codes, trust, what was published, and reports about pages."""

from feedback.models.codes import CodeScans, PosterCode
from feedback.models.comments import (
    Comment,
    CommentReminder,
    CommentSettings,
    CommentStep,
    Contact,
)
from feedback.models.devices import Device
from feedback.models.offices import CounterStaff, Digest, StaffBatch
from feedback.models.page_reports import PageReport
from feedback.models.paper import PaperBatch, PaperEntry
from feedback.models.ratings import DailySalt, DeviceDay, Rating, Rollup
from feedback.models.receipts import (
    Minted,
    MonthSecret,
    OneStopSystem,
    ReceiptMark,
    SlipRoll,
    SpentCode,
)
from feedback.models.snapshots import Snapshot, SnapshotScore
from feedback.models.trust import Case, Decision, LedgerEntry, Trace

__all__ = [
    "Case",
    "CodeScans",
    "Comment",
    "CommentReminder",
    "CommentSettings",
    "CommentStep",
    "Contact",
    "CounterStaff",
    "DailySalt",
    "Decision",
    "Device",
    "DeviceDay",
    "Digest",
    "LedgerEntry",
    "Minted",
    "MonthSecret",
    "OneStopSystem",
    "PageReport",
    "PaperBatch",
    "PaperEntry",
    "PosterCode",
    "Rating",
    "ReceiptMark",
    "Rollup",
    "SlipRoll",
    "Snapshot",
    "SnapshotScore",
    "SpentCode",
    "StaffBatch",
    "Trace",
]
