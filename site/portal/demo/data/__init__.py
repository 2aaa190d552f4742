"""The demo's procedures, by subject, in the shape the importer reads."""

from __future__ import annotations

from typing import Any

from portal.demo.data import (
    birth,
    business,
    certification,
    civil_status,
    construction,
    identity,
    land,
    residence,
    welfare,
)

SUBJECTS = (
    birth,
    civil_status,
    residence,
    identity,
    certification,
    land,
    construction,
    business,
    welfare,
)


def records() -> list[dict[str, Any]]:
    """Every demo procedure as a record of the importer, in the order of the subjects."""
    return [record for subject in SUBJECTS for record in subject.RECORDS]
