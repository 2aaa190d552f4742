"""Letters about an office's counters to those who asked for them: weekly to do, monthly scores.

They hold counts, counters' names and public figures: no answer, no comment, no name of a person,
and not what one officer's counter got (rating.md §3.8): a letter is forwarded in a moment. Asked
for and given up in the account settings; nobody gets one unasked.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation

from cms.models import CitySettings, Office
from feedback.models import Digest, Snapshot
from feedback.office_admin import offices_of
from feedback.office_report import OfficeReport, office_report
from feedback.presentation import month_text

log = logging.getLogger(__name__)

#: Offices of one letter; whoever sees more has the page.
OFFICES = 20
#: The hour (of the city) from which letters leave.
FROM_HOUR = 7


def send_digests(now: datetime.datetime | None = None) -> int:
    """Send what is due; how many letters left. The worker asks every hour.

    A letter is written down before it leaves: one that fails is logged and lost, and is better
    lost than sent every hour. Without a mail server nothing is written down either.
    """
    now = timezone.localtime(now)
    if not settings.EMAIL_HOST or now.hour < FROM_HOUR:
        return 0
    today = now.date()
    monday = today - datetime.timedelta(days=today.weekday())
    sent = 0
    with translation.override("vi"):
        for digest in _asked("weekly", monday):
            sent += _send(digest.user, weekly_letter(digest.user, today))
        newest = Snapshot.objects.newest()
        # A month published long ago is no news to somebody who asks today.
        if newest is not None and newest.published_at >= now - datetime.timedelta(days=31):
            for digest in _asked("monthly", newest.month):
                sent += _send(digest.user, monthly_letter(digest.user, today))
    return sent


def _asked(kind: str, period: datetime.date) -> Iterator[Digest]:
    """Those who asked for the kind and have no letter of this period; each is taken by one."""
    field = f"{kind}_sent"
    open_ones = Q(**{field: None}) | Q(**{f"{field}__lt": period})
    waiting = Digest.objects.filter(open_ones, **{kind: True}, user__is_active=True)
    for digest in waiting.exclude(user__email="").select_related("user"):
        taken = Digest.objects.filter(open_ones, pk=digest.pk).update(**{field: period})
        if taken:
            yield digest


def _reports(user: Any, today: datetime.date) -> list[OfficeReport]:
    offices: list[Office] = list(offices_of(user)[:OFFICES])
    return [office_report(office, own=False, today=today) for office in offices]


def weekly_letter(user: Any, today: datetime.date) -> tuple[str, str] | None:
    """Subject and body of what waits; None when nothing does."""
    reports = [
        one
        for one in _reports(user, today)
        if one.total("comments_waiting") or one.total("open_cases")
    ]
    if not reports:
        return None
    lines = []
    for report in reports:
        lines.append(report.office.title)
        waiting, overdue = report.total("comments_waiting"), report.total("comments_overdue")
        if waiting:
            late = f", trong đó {overdue} góp ý đã quá hạn" if overdue else ""
            lines.append(f"- {waiting} góp ý chờ trả lời{late}")
        if report.total("open_cases"):
            lines.append(f"- {report.total('open_cases')} vụ việc về đánh giá đang mở")
        lines += [f"  {_address(report)}", ""]
    return f"Việc chờ trong tuần, {today:%d/%m/%Y}", _letter(lines)


def monthly_letter(user: Any, today: datetime.date) -> tuple[str, str] | None:
    """Subject and body of the last published month; None without an office or a month."""
    reports = [one for one in _reports(user, today) if one.snapshot and one.counters]
    if not reports or reports[0].snapshot is None:
        return None
    month = month_text(reports[0].snapshot.month)
    lines = []
    for report in reports:
        tiers = report.tiers()
        lines += [
            report.office.title,
            f"{tiers['lower']} quầy thấp hơn nhóm, {tiers['similar']} tương đương, "
            f"{tiers['higher']} cao hơn.",
            *(f"{number}. {words}" for number, words in enumerate(report.sentences, 1)),
            f"  {_address(report)}",
            "",
        ]
    return f"Điểm thái độ phục vụ tháng {month}", _letter(lines)


def _address(report: OfficeReport) -> str:
    return f"{settings.PUBLIC_URL}{reverse('office_report', args=[report.office.pk])}"


def _letter(lines: list[str]) -> str:
    foot = [
        "Thư chỉ có số đếm, không có câu trả lời hay góp ý nào của người dân.",
        f"Không muốn nhận nữa: bỏ chọn ở {_account()}",
        CitySettings.load().city,
    ]
    return "\n".join([*lines, "--", *foot])


def _account() -> str:
    return f"{settings.PUBLIC_URL}{reverse('wagtailadmin_account')}"


def _send(user: Any, letter: tuple[str, str] | None) -> int:
    if letter is None:
        return 0
    subject, body = letter
    headers = {"List-Unsubscribe": f"<{_account()}>", "Auto-Submitted": "auto-generated"}
    try:
        return EmailMessage(subject, body, None, [user.email], headers=headers).send()
    except OSError as error:  # smtplib's errors are OSErrors too
        log.warning("digests: a letter was not sent (%s)", type(error).__name__)
        return 0
