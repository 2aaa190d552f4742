"""What happens to a comment: sorted, assigned, answered, published or closed, and by whom."""

from __future__ import annotations

import datetime

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.utils import timezone

from cms.groups import EDITORS, OFFICE_EDITORS
from cms.models import Officer, WorkingDayChange
from feedback import comment_rights as rights
from feedback import comments
from feedback.comment_rights import Refused
from feedback.models import Comment, CommentSettings, CommentStep
from tests.factories import make_counter, make_office
from tests.feedback.commented import DAY, member, staff, write

pytestmark = pytest.mark.django_db
GRAVE = "Cán bộ vòi tiền, phải đưa phong bì mới nhận hồ sơ"


@pytest.fixture
def counter():
    return make_counter(make_office())


@pytest.fixture
def people(counter):
    return staff(counter.office)


@pytest.fixture
def comment(counter):
    return write(counter, "Chờ lâu quá, gọi tôi 0912 345 678")


def fresh(comment):
    return Comment.objects.get(pk=comment.pk)


def log(comment):
    return list(CommentStep.objects.filter(comment=comment).values_list("kind", flat=True))


class TestArrival:
    def test_nobody_sees_a_comment_before_it_is_sorted(self, counter, people):
        comment = write(counter, "Chờ lâu quá", sort=False)
        assert (comment.queue, comment.masked) == ("", "")
        for user in people.values():
            assert not rights.visible_to(user).exists()
        assert comments.sort_new() == 1
        assert fresh(comment).queue == "office"
        assert rights.visible_to(people["editor"]).get() == comment

    def test_it_is_masked_with_the_names_of_the_office_and_gets_its_days(self, counter):
        Officer.objects.create(office=counter.office, name="Trần Quốc Khải", title="Chuyên viên")
        comment = write(counter, "Anh Khải bảo gọi 0912.345.678")
        assert comment.text == "Anh Khải bảo gọi 0912.345.678"
        assert "Khải" not in comment.masked
        assert "0912" not in comment.masked
        # Ten working days after Monday the 2nd.
        assert comment.due_on == datetime.date(2026, 11, 16)
        assert comment.original_until == DAY + datetime.timedelta(days=180)
        assert log(comment) == ["received", "sorted"]

    def test_holidays_and_closed_days_of_the_office_do_not_count(self, counter):
        WorkingDayChange.objects.create(
            date=datetime.date(2026, 11, 10), kind="off", name="Mất điện", office=counter.office
        )
        other = make_counter(make_office("Chi nhánh khác"))
        assert write(counter, "Chậm").due_on == datetime.date(2026, 11, 17)
        assert write(other, "Chậm").due_on == datetime.date(2026, 11, 16)

    def test_the_city_sets_how_many_days(self, counter):
        rules = CommentSettings.load()
        rules.answer_days, rules.kept_days = 3, 60
        rules.save()
        comment = write(counter, "Chậm")
        assert comment.due_on == datetime.date(2026, 11, 5)
        assert comment.original_until == DAY + datetime.timedelta(days=60)

    @pytest.mark.parametrize("channel", ["poster", "receipt", "display"])
    def test_whatever_way_it_came(self, counter, channel):
        assert write(counter, "Chậm", channel=channel).queue == "office"

    def test_sorting_twice_changes_nothing(self, comment):
        assert comments.sort_new() == 0
        assert log(comment) == ["received", "sorted"]

    def test_sorting_many_asks_little(self, counter, django_assert_max_num_queries):
        for number in range(5):
            write(counter, f"Chậm {number}", sort=False)
        # What is asked once, then four statements a comment.
        with django_assert_max_num_queries(12 + 5 * 4):
            assert comments.sort_new() == 5


class TestQueues:
    def test_an_office_sees_its_own(self, counter, comment, people):
        other = make_counter(make_office("Chi nhánh khác"))
        theirs = write(other, "Chậm")
        assert set(rights.visible_to(people["editor"])) == {comment}
        assert set(rights.visible_to(people["city"])) == {comment, theirs}
        with pytest.raises(Refused):
            comments.answer(comment_id=theirs.pk, user=people["editor"], text="Cảm ơn.")

    def test_who_has_no_queue_sees_none(self, comment):
        assert not rights.visible_to(member("viet", EDITORS)).exists()

    def test_what_is_grave_is_for_the_inspectorate_alone(self, counter, people):
        comment = write(counter, GRAVE)
        assert comment.queue == "inspectorate"
        for name in ("editor", "head", "city"):
            assert not rights.visible_to(people[name]).exists()
            with pytest.raises(Refused):
                comments.answer(comment_id=comment.pk, user=people[name], text="Cảm ơn.")
        assert rights.visible_to(people["inspector"]).get() == comment
        comments.answer(comment_id=comment.pk, user=people["inspector"], text="Đang xác minh.")
        with pytest.raises(Refused):
            comments.publish(comment_id=comment.pk, user=people["inspector"])

    def test_who_works_for_an_office_is_no_inspector(self, counter, people):
        from cms.groups import INSPECTORS

        write(counter, GRAVE)
        inside = member("trong", INSPECTORS, counter.office)
        assert not rights.visible_to(inside).exists()

    def test_an_inspector_sees_no_comment_of_an_office(self, comment, people):
        assert not rights.visible_to(people["inspector"]).exists()

    def test_it_is_passed_on_and_lost_from_sight(self, comment, people):
        comments.move(
            comment_id=comment.pk, user=people["editor"], queue="inspectorate", note="đòi tiền"
        )
        assert not rights.visible_to(people["editor"]).exists()
        with pytest.raises(Refused):
            comments.move(comment_id=comment.pk, user=people["editor"], queue="office")
        comments.move(comment_id=comment.pk, user=people["inspector"], queue="office")
        assert rights.visible_to(people["editor"]).exists()


class TestTheWay:
    def test_from_received_to_published(self, comment, people, settings):
        settings.EMAIL_HOST = "mail.example.vn"
        head, editor = people["head"], people["editor"]
        comments.assign(comment_id=comment.pk, user=head, to=editor)
        assert (fresh(comment).state, fresh(comment).assigned_to) == ("assigned", editor)
        comments.answer(comment_id=comment.pk, user=editor, text="Đã thêm một quầy buổi sáng.")
        assert fresh(comment).state == "answered"
        assert not comments.published().exists()
        comments.publish(comment_id=comment.pk, user=editor)
        assert comments.published().get() == comment
        today = timezone.localdate()
        comments.mark_fixed(comment_id=comment.pk, user=editor, what="Thêm hai ghế.", on=today)
        assert (fresh(comment).fixed, fresh(comment).fixed_on) == ("Thêm hai ghế.", today)
        assert log(comment) == [
            "received", "sorted", "assigned", "answered", "published", "fixed",
        ]  # fmt: skip
        step = CommentStep.objects.get(comment=comment, kind="assigned")
        assert (step.by_name, step.note) == ("truong", "Giao cho bien")

    def test_who_gets_it_is_told_with_masked_words(
        self, comment, people, settings, django_capture_on_commit_callbacks
    ):
        settings.EMAIL_HOST = "mail.example.vn"
        with django_capture_on_commit_callbacks(execute=True):
            comments.assign(comment_id=comment.pk, user=people["head"], to=people["editor"])
        letter = mail.outbox[0]
        assert letter.to == ["bien@example.vn"]
        assert "Chờ lâu quá" in letter.body
        assert "0912" not in letter.body

    def test_nobody_of_another_office_is_given_it(self, comment, people):
        stranger = member("la", OFFICE_EDITORS, make_office("Chi nhánh khác"))
        with pytest.raises(Refused, match="Người này"):
            comments.assign(comment_id=comment.pk, user=people["head"], to=stranger)

    def test_nothing_is_public_without_an_answer(self, comment, people):
        with pytest.raises(Refused):
            comments.publish(comment_id=comment.pk, user=people["editor"])

    def test_closed_with_a_reason_that_the_citizen_reads(self, comment, people, client):
        with pytest.raises(Refused):
            comments.close(comment_id=comment.pk, user=people["editor"], reason="  ")
        comments.close(comment_id=comment.pk, user=people["editor"], reason="Không về quầy này.")
        text = client.get(f"/gop-y/{comment.follow_up}/").content.decode()
        assert "Không về quầy này." in text
        with pytest.raises(Refused):
            comments.answer(comment_id=comment.pk, user=people["editor"], text="Cảm ơn.")

    def test_what_is_public_can_be_taken_back(self, comment, people, client):
        comments.answer(comment_id=comment.pk, user=people["editor"], text="Cảm ơn.")
        comments.publish(comment_id=comment.pk, user=people["editor"])
        page = f"/quay/{comment.counter.code}/"
        assert "Chờ lâu quá" in client.get(page).content.decode()
        comments.close(comment_id=comment.pk, user=people["editor"], reason="Lộ thông tin riêng.")
        assert "Chờ lâu quá" not in client.get(page).content.decode()
        assert not comments.published().exists()

    def test_fixed_on_a_day_between_then_and_now(self, comment, people):
        comments.answer(comment_id=comment.pk, user=people["editor"], text="Cảm ơn.")
        for day in (DAY - datetime.timedelta(days=1), timezone.localdate() + datetime.timedelta(1)):
            with pytest.raises(Refused, match="Ngày sửa"):
                comments.mark_fixed(
                    comment_id=comment.pk, user=people["editor"], what="Thêm ghế.", on=day
                )

    def test_private_words_of_staff_need_a_confirmation(self, comment, people):
        with pytest.raises(Refused, match="riêng tư"):
            comments.answer(comment_id=comment.pk, user=people["editor"], text="Gọi 0912345678.")
        comments.answer(
            comment_id=comment.pk, user=people["editor"], text="Gọi 0912345678.", confirmed=True
        )

    def test_a_deleted_account_leaves_its_deeds(self, comment, people):
        comments.answer(comment_id=comment.pk, user=people["editor"], text="Cảm ơn.")
        get_user_model().objects.get(username="bien").delete()
        step = CommentStep.objects.get(comment=comment, kind="answered")
        assert (step.by, step.by_name) == (None, "bien")

    def test_a_counter_kept_by_one_officer_is_not_named(self, counter, people, client):
        from cms.models import Handling

        one = Officer.objects.create(office=counter.office, name="Lê Thị Mỵ", title="Chuyên viên")
        Handling.objects.create(counter=counter, officer=one, field=counter.main_field)
        comment = write(counter, "Quầy làm chậm")
        comments.answer(comment_id=comment.pk, user=people["editor"], text="Cảm ơn.")
        comments.publish(comment_id=comment.pk, user=people["editor"])
        assert "Quầy làm chậm" not in client.get(f"/quay/{counter.code}/gop-y/").content.decode()
        found = client.get("/api/v1/comments/").json()["results"]
        assert [(row["text"], row["counter"]) for row in found] == [("Quầy làm chậm", None)]


class TestOriginals:
    def test_by_a_right_of_its_own_and_logged(self, comment, people):
        with pytest.raises(Refused):
            comments.open_original(comment_id=comment.pk, user=people["editor"])
        assert comments.open_original(comment_id=comment.pk, user=people["head"]) == (
            "Chờ lâu quá, gọi tôi 0912 345 678",
            "",
        )
        step = CommentStep.objects.get(comment=comment, kind="read")
        assert (step.by_name, step.note) == ("truong", "")

    def test_the_contact_comes_with_it(self, counter, people):
        comment = write(counter, "Xin gọi lại", contact="0987654321")
        _, contact = comments.open_original(comment_id=comment.pk, user=people["head"])
        assert contact == "0987654321"

    def test_it_expires_and_the_masked_text_stays(self, comment, people):
        last = comment.original_until
        assert comments.forget_originals(last) == 0
        assert comments.forget_originals(last + datetime.timedelta(days=1)) == 1
        assert fresh(comment).text == ""
        assert "Chờ lâu quá" in fresh(comment).masked
        assert comments.open_original(comment_id=comment.pk, user=people["head"]) == ("", "")
        assert log(comment)[-1] == "expired"

    def test_the_same_form_again_is_known_after_that(self, counter):
        import uuid

        from feedback.arrivals import Levels, Outcome
        from feedback.intake import submit_rating

        sent = {
            "submission": uuid.uuid4(),
            "counter": counter,
            "channel": "poster",
            "service_day": DAY,
            "levels": Levels(3),
            "comment": "Chậm",
        }
        first = submit_rating(**sent)
        Comment.objects.update(text="")
        again = submit_rating(**sent)
        assert (again.outcome, again.follow_up) == (Outcome.REPEATED, first.follow_up)


class TestCovering:
    def test_more_may_be_covered(self, comment, people):
        text = comment.masked.replace("Chờ lâu quá", "[...]")
        comments.cover(comment_id=comment.pk, user=people["editor"], text=text)
        assert fresh(comment).masked.startswith("[…], gọi tôi")
        assert log(comment)[-1] == "masked"

    def test_words_are_never_changed(self, comment, people):
        for text in ("Chờ không lâu", comment.masked + " Rất tốt!", ""):
            with pytest.raises(Refused, match="che thêm"):
                comments.cover(comment_id=comment.pk, user=people["head"], text=text)

    def test_uncovering_needs_the_right_a_confirmation_and_is_logged(self, comment, people):
        with pytest.raises(Refused, match="che thêm"):
            comments.cover(
                comment_id=comment.pk, user=people["editor"], text=comment.text, confirmed=True
            )
        with pytest.raises(Refused, match="xác nhận"):
            comments.cover(comment_id=comment.pk, user=people["head"], text=comment.text)
        comments.cover(
            comment_id=comment.pk, user=people["head"], text=comment.text, confirmed=True
        )
        assert fresh(comment).masked == comment.text
        step = CommentStep.objects.get(comment=comment, kind="unmasked")
        assert (step.by_name, step.note) == ("truong", "Có xác nhận")

    def test_names_that_came_later_are_covered_when_it_is_published(self, counter, people):
        comment = write(counter, "Chị Bích Đào chậm lắm")
        Officer.objects.create(
            office=counter.office, name="Nguyễn Thị Bích Đào", title="Chuyên viên"
        )
        comments.answer(comment_id=comment.pk, user=people["editor"], text="Cảm ơn.")
        comments.publish(comment_id=comment.pk, user=people["editor"])
        assert "Đào" not in fresh(comment).masked
