"""The report of an office: its counters against peers, since when, why; and who may read it."""

from __future__ import annotations

import datetime
import random

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from cms.models import Handling, Officer
from feedback.models import Comment, Rating, SnapshotScore
from feedback.models.comments import Queue
from feedback.office_figures import drivers_of
from feedback.office_report import below_since, change_of, office_report, signed, weakest_item
from feedback.snapshots import publish_month
from tests.factories import make_counter, make_office
from tests.feedback.city import AS_OF, MONTH, make_city, rate
from tests.feedback.test_trust_cases import open_burst
from tests.feedback.trusted import person
from tests.feedback.trusted import rate as rate_one
from tests.shared import shared_rows

JULY = datetime.date(2026, 7, 1)
TODAY = datetime.date(2026, 8, 3)


def months(*tiers):
    """(month, body), newest first, from October backwards."""
    return [
        (datetime.date(2026, 10 - back, 1), {"status": "published", "tier": tier})
        for back, tier in enumerate(tiers)
    ]


class TestFigures:
    def test_since_when(self):
        assert below_since(months("tương đương", "thấp hơn")) is None
        assert below_since(months("thấp hơn", "thấp hơn", "cao hơn", "thấp hơn")) == (
            datetime.date(2026, 9, 1)
        )
        assert below_since([]) is None
        assert below_since([(MONTH, {"status": "hidden"})]) is None
        gap = months("thấp hơn", "thấp hơn", "thấp hơn")
        del gap[1]
        assert below_since(gap) == datetime.date(2026, 10, 1)

    @given(st.lists(st.sampled_from(["thấp hơn", "tương đương"]), min_size=1, max_size=9))
    def test_since_is_the_length_of_the_run(self, tiers):
        run = next((n for n, tier in enumerate(tiers) if tier != "thấp hơn"), len(tiers))
        since = below_since(months(*tiers))
        assert since == (datetime.date(2026, 11 - run, 1) if run else None)

    def test_change_needs_two_scores_of_one_method(self):
        body = {"status": "published", "method": "v1.0", "score": 70.0, "interval": [66.0, 74.0]}
        assert change_of({**body, "score": 73.5}, body) == (3.5, False)
        assert change_of({**body, "score": 60.0}, body) == (-10.0, True)
        assert change_of(body, {"status": "hidden", "method": "v1.0"}) == (None, False)
        assert change_of(body, {**body, "method": "v0.9"}) == (None, False)
        assert change_of(body, None) == (None, False)

    def test_weakest_is_against_peers(self):
        def body(score, peer):
            return {"status": "published", "score": score, "peer_mean": peer}

        figures = {**body(60.0, 58.0), "by_item": {"time": body(70.0, 80.0)}}
        assert weakest_item(figures) == "time"
        assert weakest_item({**figures, "by_item": {"time": {"status": "hidden"}}}) == ""
        assert weakest_item({"status": "hidden"}) == ""

    def test_signed_numbers(self):
        assert [signed(x) for x in (1.23, -0.44, 0.02, -0.01)] == ["+1,2", "−0,4", "0,0", "0,0"]


@shared_rows
def reported_city():
    city = make_city()
    source = random.Random(3)
    rows = list(Rating.objects.filter(service_day__range=(MONTH, AS_OF)))
    for row in rows:
        row.drivers = source.choice([0, 1 << 4, 1 << 4, 1 << 4 | 1])
    Rating.objects.bulk_update(rows, ["drivers"])
    return city


@pytest.fixture
def office(reported_city):
    return reported_city["big0"].office


def of(report, counter):
    return next(one for one in report.counters if one.counter.pk == counter.pk)


class TestReport:
    def test_every_counter_in_order_with_its_published_score(self, reported_city, office):
        snapshot = publish_month(month=MONTH).snapshot
        report = office_report(office, today=TODAY)
        names = [one.counter.name for one in report.counters]
        assert len(names) == 12
        for one in report.counters:
            row = SnapshotScore.objects.get(snapshot=snapshot, counter=one.counter)
            assert one.figures == row.figures
            assert one.score.hidden == (row.status == "hidden")
        assert 1 <= len(report.sentences) <= 3

    def test_drivers_only_from_five_answers(self, reported_city, office):
        publish_month(month=MONTH)
        report = office_report(office, today=TODAY)
        found = drivers_of(MONTH)
        for one in report.counters:
            for side, levels in (("low", (1, 2)), ("high", (4, 5))):
                n = Rating.objects.filter(
                    counter=one.counter,
                    service_day__range=(MONTH, AS_OF),
                    standing="counted",
                    attitude__in=levels,
                ).count()
                assert (side in found.get(one.counter.pk, {})) == (n >= 5)
                if n < 5:
                    assert getattr(one, side) is None
            if one.high:
                assert one.high.named[0][0] == "Chờ đợi"
                assert all(share % 5 == 0 for _, share in one.high.named)
        assert any(one.high for one in report.counters)
        assert of(report, reported_city["hidden"]).high is None

    def test_change_and_since_walk_back(self, reported_city, office):
        counter = reported_city["big8"]
        publish_month(month=MONTH)
        rate(counter, 120, seed=9, quality=0.05, days=20, until=datetime.date(2026, 7, 31))
        publish_month(month=JULY)
        one = of(office_report(office, today=TODAY), counter)
        assert one.change is not None
        assert one.change < -5
        assert one.left_interval
        assert one.score.tier_class == "tier-lower"
        assert one.below_since == JULY
        june = of(office_report(office, month=MONTH, today=TODAY), counter)
        assert june.change is None
        assert office_report(office, month=datetime.date(2025, 1, 1)).snapshot.month == JULY

    def test_comments_and_cases_of_today(self, reported_city, office):
        publish_month(month=MONTH)
        counter = reported_city["big2"]
        for number, (queue, due) in enumerate(
            [("office", 1), ("office", 20), ("inspectorate", 1), ("", 1)]
        ):
            Comment.objects.create(
                rating=Rating.objects.filter(counter=counter, comment=None)[0],
                counter=counter,
                follow_up=f"F{number}",
                received_on=AS_OF,
                queue=Queue(queue),
                due_on=datetime.date(2026, 8, due),
            )
        open_burst(counter, [rate_one(counter, window=60) for _ in range(6)])
        one = of(office_report(office, today=TODAY), counter)
        assert (one.comments_waiting, one.comments_overdue, one.open_cases) == (2, 1, 1)

    def test_a_counter_of_one_is_read_by_its_office_alone(self, reported_city, office):
        counter = reported_city["big3"]
        officer = Officer.objects.create(office=office, name="Người Một", title="CV")
        Handling.objects.create(counter=counter, officer=officer, field=counter.main_field)
        publish_month(month=MONTH)
        own, other = (of(office_report(office, own=own), counter) for own in (True, False))
        assert not own.score.hidden
        assert own.of_one
        assert other.score.hidden
        assert other.withheld
        assert not other.low
        assert not other.high

    def test_queries_do_not_grow(self, reported_city, office, django_assert_num_queries):
        publish_month(month=MONTH)
        with django_assert_num_queries(5):
            office_report(office, today=TODAY)
        rate(reported_city["big0"], 200, seed=12)
        publish_month(month=MONTH, reason="Thêm đánh giá.")
        with django_assert_num_queries(5):
            office_report(office, today=TODAY)

    def test_before_the_first_month(self, db):
        office = make_office()
        make_counter(office)
        report = office_report(office)
        assert report.snapshot is None
        assert report.sentences == []


class TestScreen:
    def get(self, client, user, name="office_report", **query):
        client.force_login(user)
        return client.get(reverse(name, args=[self.office.pk]), query)

    @pytest.fixture(autouse=True)
    def published(self, office):
        publish_month(month=MONTH)
        self.office = office

    def test_a_head_reads_it(self, client):
        head = person("truong", "view_snapshotscore", office=self.office)
        page = self.get(client, head).content.decode()
        assert "Việc nên làm trước" in page
        assert "tháng 6/2026" in page
        assert "Chờ đợi" in page
        assert "phương pháp v1.0" in page
        assert page.count('class="plot"') >= 9

    def test_one_office_opens_at_once(self, client):
        head = person("truong", "view_snapshotscore", office=self.office)
        client.force_login(head)
        assert client.get(reverse("office_reports")).url.endswith(f"/{self.office.pk}/")

    def test_others_read_nothing(self, client):
        other = person("khac", "view_snapshotscore", office=make_office("Chi nhánh khác"))
        assert self.get(client, other).status_code == 404
        assert self.get(client, other, "office_report_pdf").status_code == 404
        assert self.get(client, person("khong")).status_code in (302, 403)

    def test_months_and_nonsense(self, client):
        head = person("truong", "view_snapshotscore", office=self.office)
        for asked in ("2026-06", "2026-13", "x", "", "0000-00"):
            assert "tháng 6/2026" in self.get(client, head, thang=asked).content.decode()

    def test_the_page_costs_the_same(self, client, django_assert_max_num_queries):
        head = person("truong", "view_snapshotscore", office=self.office)
        self.get(client, head)
        with django_assert_max_num_queries(32):
            self.get(client, head)
