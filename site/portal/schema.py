"""What the OpenAPI document describes."""

from __future__ import annotations

from typing import Any


def public_only(endpoints: list[Any]) -> list[Any]:
    """Only ``/api/v1/``: the editor's own JSON below ``/admin/`` is nobody else's business."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/v1/")]
