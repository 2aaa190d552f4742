"""What an editor types and reads is Vietnamese: days before months, words instead of codes."""

from __future__ import annotations

import datetime

import pytest
from django import forms
from django.core.mail import send_mail
from django.utils import translation
from wagtail.admin.widgets import AdminDateInput

from cms.models.blocks import ChannelBlock, DocumentItemBlock
from cms.models.local_rules import LocalFeesBlock
from cms.publishing import PEOPLE
from cms.reports.rows import incomplete
from portal.environment import read_environment
from tests.factories import make_procedure


@pytest.mark.parametrize("language", ["vi", "en"])
def test_third_of_february_is_not_the_second_of_march(language):
    with translation.override(language):
        day, moment = forms.DateField(), forms.DateTimeField()
        assert day.clean("03/02/2027") == datetime.date(2027, 2, 3)
        assert day.clean("2027-02-03") == datetime.date(2027, 2, 3)
        assert (moment.clean("03/02/2027 08:30").day, moment.clean("03/02/2027 08:30").month) == (
            3,
            2,
        )


def test_editor_sees_days_as_she_types_them():
    widget = AdminDateInput()
    shown = widget.format_value(datetime.date(2027, 2, 3))
    assert shown == "03/02/2027"
    with translation.override("vi"):
        assert forms.DateField(widget=widget).clean(shown) == datetime.date(2027, 2, 3)


@pytest.mark.parametrize(
    ("block", "name", "value", "words"),
    [
        (ChannelBlock(), "kind", "direct", "Trực tiếp"),
        (ChannelBlock(), "time_unit", "working_day", "ngày làm việc"),
        (LocalFeesBlock(), "channel", "", "Mọi hình thức"),
        (LocalFeesBlock(), "adds", False, "không"),
        (DocumentItemBlock(), "heading", True, "có"),
    ],
)
def test_comparisons_show_words(block, name, value, words):
    child = block.child_blocks[name]
    assert child.render_basic(child.to_python(value)) == words


@pytest.mark.django_db
def test_report_says_people_in_vietnamese():
    page = make_procedure()
    page.save_revision().publish()
    rows = [one for one in incomplete(type(page).objects.all()) if one.code == page.code]
    assert "Có người làm ở ít nhất một cơ quan" in rows[0].cells["missing"]
    assert PEOPLE not in rows[0].cells["missing"]


def test_without_a_mail_server_letters_are_dropped_not_failed(settings, tmp_path):
    email = read_environment({"DATA_DIR": str(tmp_path)}).email
    settings.EMAIL_BACKEND = email["EMAIL_BACKEND"]
    settings.EMAIL_HOST = email["EMAIL_HOST"]
    assert settings.EMAIL_HOST == ""
    # With Django's own default this would try a server on this machine and raise.
    send_mail("Rà soát", "Có trang đến hạn.", None, ["a@example.org"])
