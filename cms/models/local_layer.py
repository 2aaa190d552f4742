"""The city's layer of a procedure page: what holds here today, what is announced, its standing.

The stored rows stay what they are (``channel_rows``, ``case_rows``); everything here is read for a
day in Hanoi, asked of the clock at each call, so that a fee switches at midnight by itself.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from cms import local, record
from cms import standing as standings
from cms.standing import StandingNow

#: What :class:`LocalLayer` reads beside the rows, for queries that load only some columns.
LAYER_COLUMNS = (
    "local_rules",
    "standing",
    "standing_reason",
    "standing_from",
    "standing_until",
    "applied",
    "applied_decision",
    "applied_from",
)


class LocalLayer:
    """Mixed into ProcedurePage; has no columns of its own."""

    if TYPE_CHECKING:
        pk: Any
        local_rules: Any

        @cached_property
        def channel_rows(self) -> tuple[record.Channel, ...]: ...

        @cached_property
        def case_rows(self) -> tuple[record.DocumentCase, ...]: ...

        standing: str
        standing_reason: str
        standing_from: date | None
        standing_until: date | None
        replaced_by_id: int | None
        replaced_by: Any
        applied: str
        applied_decision: str
        applied_from: date | None

    #: An old version in memory is read as on a day of its own (cms/snapshots.py).
    as_of: date | None = None

    @property
    def today(self) -> date:
        """The day the layer is read for: today in Hanoi."""
        return self.as_of or timezone.localdate()

    @property
    def rules(self) -> tuple[local.Rule, ...]:
        """The city's rules as plain values."""
        return local.rules(self.local_rules.raw_data)

    def channels_on(self, day: date) -> tuple[record.Channel, ...]:
        """Channels with the times and fees of that day."""
        return local.channels_on(self.channel_rows, self.rules, day)

    @property
    def channels_today(self) -> tuple[record.Channel, ...]:
        """Channels with the times and fees of today."""
        return self.channels_on(self.today)

    def cases_on(self, day: date) -> tuple[record.DocumentCase, ...]:
        """Papers as the city asks for them on that day."""
        return local.cases_on(self.case_rows, self.rules, day)

    @property
    def cases_today(self) -> tuple[record.DocumentCase, ...]:
        """Papers as the city asks for them today."""
        return self.cases_on(self.today)

    @property
    def conditions_today(self) -> tuple[record.LocalText, ...]:
        """The city's conditions of today, beside the national ones."""
        return local.conditions_on(self.rules, self.today)

    @property
    def announced_changes(self) -> tuple[local.Announcement, ...]:
        """What will switch by itself after today."""
        return local.announced(self.channel_rows, self.rules, self.today)

    def standing_on(self, day: date) -> StandingNow:
        """Whether citizens can use the procedure on that day."""
        return standings.standing_on(
            self.standing, self.standing_reason, self.standing_from, self.standing_until, day
        )

    @property
    def standing_now(self) -> StandingNow:
        """Whether citizens can use the procedure today."""
        return self.standing_on(self.today)

    @property
    def live_replacement(self) -> Any:
        """The published procedure that takes this one's place; None without one (one query)."""
        other = self.replaced_by if self.replaced_by_id else None
        return other if other and other.live else None

    @property
    def is_plain(self) -> bool:
        """Whether a list may keep what it says today until the page is published again: nothing
        switches by itself, and the procedure is simply in use."""
        today = self.today
        return (
            self.standing == standings.ACTIVE
            and self.applied != "no"
            and self.next_switch(today) is None
        )

    def next_switch(self, day: date) -> date | None:
        """The next day after ``day`` on which anything of this layer switches by itself."""
        days = (
            local.next_change(self.rules, day),
            standings.next_change(self.standing, self.standing_from, self.standing_until, day),
            self.applied_from if self.applied and self.applied_from else None,
        )
        return min((one for one in days if one and one > day), default=None)

    def clean_layer(self) -> None:
        """What an editor typed about standing and application, checked as one.

        Raises ValidationError by field. Reasons and days are asked for when a procedure is not
        simply in use: citizens read them at the top of the page.
        """
        errors: dict[str, str] = {}
        if self.standing == standings.ABOLISHED:
            if not self.standing_reason.strip():
                errors["standing_reason"] = "Ghi lý do bãi bỏ, theo văn bản nào."
            if self.standing_from is None:
                errors["standing_from"] = "Ghi ngày bắt đầu bãi bỏ."
            if self.standing_until is not None:
                errors["standing_until"] = "Bãi bỏ không có ngày kết thúc; chọn “Tạm dừng” nếu có."
        elif self.standing == standings.PAUSED and not self.standing_reason.strip():
            errors["standing_reason"] = "Ghi lý do tạm dừng để người dân biết."
        since, until = self.standing_from, self.standing_until
        if since and until and until < since:
            errors["standing_until"] = f"Ngày kết thúc trước ngày bắt đầu ({since:%d/%m/%Y})."
        if self.pk and self.replaced_by_id == self.pk:
            errors["replaced_by"] = "Một thủ tục không thể thay cho chính nó."
        if self.applied and self.applied_from and not self.applied_decision.strip():
            errors["applied_decision"] = "Ghi số quyết định áp dụng của thành phố."
        if errors:
            raise ValidationError(errors)
