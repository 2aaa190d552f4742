"""Letters to those who asked for them: once a period, counts only, given up in the settings."""

from __future__ import annotations

import datetime
import uuid

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from cms.models import Handling, Officer
from feedback.digests import send_digests
from feedback.models import Comment, Digest, Rating, Snapshot
from feedback.models.comments import Queue
from feedback.snapshots import publish_month
from tests.factories import make_counter, make_office
from tests.feedback.city import MONTH, rate
from tests.feedback.trusted import person

pytestmark = pytest.mark.django_db
#: A Wednesday.
NOW = datetime.datetime(2026, 7, 8, 9, tzinfo=datetime.UTC)
SECRET = "Anh Nguyễn Văn Kín ở quầy gọi 0912 345 678"


@pytest.fixture(autouse=True)
def mail_server(settings):
    settings.EMAIL_HOST = "mail.example"


@pytest.fixture
def counter():
    counter = make_counter(make_office("Chi nhánh Cầu Mơ"), name="Quầy 2")
    rate(counter, 60, days=28)
    publish_month(month=MONTH)
    Snapshot.objects.update(published_at=NOW - datetime.timedelta(days=4))
    return counter


def head(counter, name="truong", **wanted):
    user = person(name, "view_snapshotscore", office=counter.office)
    Digest.objects.create(user=user, **wanted)
    return user


def comment(counter, due, queue="office"):
    return Comment.objects.create(
        rating=Rating.objects.filter(counter=counter, comment=None)[0],
        counter=counter,
        follow_up=uuid.uuid4().hex[:12],
        text=SECRET,
        masked=SECRET,
        received_on=due,
        queue=Queue(queue),
        due_on=due,
    )


def test_nobody_gets_a_letter_unasked(counter):
    person("truong", "view_snapshotscore", office=counter.office)
    comment(counter, datetime.date(2026, 7, 1))
    assert send_digests(NOW) == 0


def test_the_month_once(counter):
    head(counter, monthly=True)
    assert send_digests(NOW) == 1
    assert send_digests(NOW + datetime.timedelta(hours=1)) == 0
    (letter,) = mail.outbox
    assert letter.to == ["truong@example.vn"]
    assert letter.subject == "Điểm thái độ phục vụ tháng 6/2026"
    assert "Chi nhánh Cầu Mơ" in letter.body
    assert reverse("office_report", args=[counter.office_id]) in letter.body
    assert reverse("wagtailadmin_account") in letter.body
    assert reverse("wagtailadmin_account") in letter.extra_headers["List-Unsubscribe"]


def test_the_week_once_with_counts_and_no_words_of_citizens(counter):
    head(counter, weekly=True)
    comment(counter, datetime.date(2026, 7, 1))
    comment(counter, datetime.date(2026, 7, 30))
    comment(counter, datetime.date(2026, 7, 1), "inspectorate")
    assert send_digests(NOW) == 1
    assert send_digests(NOW + datetime.timedelta(days=4)) == 0
    (letter,) = mail.outbox
    assert "2 góp ý chờ trả lời, trong đó 1 góp ý đã quá hạn" in letter.body
    for word in ("Kín", "0912", "gọi"):
        assert word not in letter.body
    assert send_digests(NOW + datetime.timedelta(days=5)) == 1


def test_a_week_with_nothing_to_do_is_no_letter(counter):
    head(counter, weekly=True)
    assert send_digests(NOW) == 0


def test_only_the_own_office_and_not_what_one_officer_got(counter):
    other = make_counter(make_office("Chi nhánh khác"), name="Quầy 9")
    officer = Officer.objects.create(office=counter.office, name="Người Một", title="CV")
    Handling.objects.create(counter=counter, officer=officer, field=counter.main_field)
    rate(other, 60, days=28, seed=4)
    publish_month(month=MONTH, reason="Thêm.")
    Snapshot.objects.update(published_at=NOW - datetime.timedelta(days=1))
    head(counter, monthly=True)
    send_digests(NOW)
    body = mail.outbox[0].body
    assert "Chi nhánh khác" not in body
    assert "Người Một" not in body
    assert "0 quầy thấp hơn nhóm, 0 tương đương, 0 cao hơn" in body


def test_who_lost_the_right_or_the_account_gets_none(counter):
    user = head(counter, monthly=True)
    user.user_permissions.clear()
    head(counter, "nghi", monthly=True)
    type(user).objects.filter(username="nghi").update(is_active=False)
    assert send_digests(NOW) == 0


def test_an_old_month_is_no_news_and_letters_wait_for_the_morning(counter):
    head(counter, monthly=True)
    assert send_digests(NOW.replace(hour=20)) == 0  # 3 o'clock in Hanoi
    Snapshot.objects.update(published_at=NOW - datetime.timedelta(days=60))
    assert send_digests(NOW) == 0


def test_a_letter_that_fails_is_not_sent_for_ever(counter, monkeypatch):
    head(counter, monthly=True)

    def down(self):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", down)
    assert send_digests(NOW) == 0
    monkeypatch.undo()
    assert send_digests(NOW) == 0


def test_without_a_mail_server_nothing_is_written_down(counter, settings):
    settings.EMAIL_HOST = ""
    head(counter, monthly=True)
    assert send_digests(NOW) == 0
    assert Digest.objects.get().monthly_sent is None


def test_asked_for_and_given_up_in_the_settings(client, counter):
    user = person("truong", "view_snapshotscore", office=counter.office)
    client.force_login(user)
    account = reverse("wagtailadmin_account")
    page = client.get(account)
    assert "thư hằng tuần" in page.content.decode().lower()
    sent = {
        "name_email-first_name": "Mai",
        "name_email-last_name": "Thử",
        "name_email-email": "truong@example.vn",
        "locale-preferred_language": "vi",
        "locale-current_time_zone": str(timezone.get_current_timezone()),
        "theme-theme": "system",
        "theme-contrast": "system",
        "theme-density": "default",
    }
    done = client.post(account, {**sent, "digests-weekly": "on"})
    assert done.status_code == 302
    assert Digest.objects.get(user=user).weekly
    client.post(account, sent)
    assert not Digest.objects.get(user=user).weekly
    client.force_login(person("khac"))
    assert "thư hằng tuần" not in client.get(account).content.decode().lower()
