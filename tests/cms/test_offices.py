"""Offices and their people: leaving, absences, assignments by date, gaps, JSON, the admin."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from unittest import mock

import pytest
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from cms.gaps import gap_counts, gaps
from cms.groups import EDITORS
from cms.models import Handling, Office, Officer, OfficerAbsence, ProcedurePage
from cms.people import people_for
from tests.cms.test_views import residence, text_of
from tests.factories import make_counter, make_field, make_office, make_procedure

pytestmark = pytest.mark.django_db


def person(office: Office, name: str, **values: Any) -> Officer:
    """An officer of the office."""
    values.setdefault("title", "công chức tiếp nhận")
    return Officer.objects.create(office=office, name=name, **values)


def away(officer: Officer, substitute: Officer | None = None, days: int = 0) -> OfficerAbsence:
    """An absence from today on."""
    today = timezone.localdate()
    return OfficerAbsence.objects.create(
        officer=officer,
        first_day=today,
        last_day=today + timedelta(days=days),
        substitute=substitute,
    )


@pytest.fixture
def page() -> ProcedurePage:
    """A procedure of the commune."""
    return residence()


@pytest.fixture
def mai(page: ProcedurePage) -> Officer:
    """An officer who handles the procedure's field at Quầy 3."""
    counter = make_counter(name="Quầy 3", main_field=page.field)
    officer = person(counter.office, "Nguyễn Thị Mai", phone="024 3825 0001")
    Handling.objects.create(counter=counter, officer=officer, field=page.field)
    return officer


def public_addresses(office: Office) -> list[str]:
    """Everywhere an officer of the office could be named."""
    counter = office.counters.get()
    return [
        f"/thu-tuc/1.004222/?office={office.slug}",
        f"/co-quan/{office.slug}/",
        f"/quay/{counter.code}/",
        "/api/v1/offices/",
        "/api/v1/counters/",
        f"/api/v1/counters/{counter.code}/",
    ]


class TestLeaving:
    def test_the_day_after_the_last_one_the_name_is_gone_everywhere(
        self, client: Client, mai: Officer
    ) -> None:
        today = timezone.localdate()
        Officer.objects.filter(pk=mai.pk).update(last_day=today)
        for address in public_addresses(mai.office):
            assert "Nguyễn Thị Mai" in client.get(address).content.decode(), address
        later = timezone.now() + timedelta(days=1)
        with mock.patch("django.utils.timezone.now", return_value=later):
            for address in public_addresses(mai.office):
                assert "Nguyễn Thị Mai" not in client.get(address).content.decode(), address

    def test_unticked_the_name_is_gone_at_once_also_from_kept_pages(
        self, client: Client, mai: Officer
    ) -> None:
        for address in public_addresses(mai.office):
            client.get(address)
            assert "Nguyễn Thị Mai" in client.get(address).content.decode()
        mai.active = False
        mai.save()
        for address in public_addresses(mai.office):
            assert "Nguyễn Thị Mai" not in client.get(address).content.decode(), address

    def test_no_version_of_a_procedure_holds_a_name(
        self, client: Client, page: ProcedurePage, mai: Officer
    ) -> None:
        client.get(f"/thu-tuc/1.004222/?office={mai.office.slug}")
        page.save_revision().publish()
        page.decision_number = "9/QĐ-UBND"
        page.save_revision().publish()
        stored = [json.dumps(one.content, ensure_ascii=False) for one in page.revisions.all()]
        stored += [
            json.dumps(row, ensure_ascii=False, default=str)
            for row in page.public_versions.values()
        ]
        assert len(stored) >= 2
        assert not any("Mai" in one for one in stored)
        assert "Mai" not in client.get("/thu-tuc/1.004222/lich-su/").content.decode()
        assert "Mai" not in client.get("/api/v1/procedures/1.004222/").content.decode()


class TestAbsence:
    def test_the_substitute_is_shown_with_whom_she_stands_in_for(
        self, client: Client, mai: Officer
    ) -> None:
        lan = person(mai.office, "Trần Thị Lan", phone="024 3825 0002")
        away(mai, lan)
        text = text_of(client.get(f"/thu-tuc/1.004222/?office={mai.office.slug}"))
        assert "Trần Thị Lan" in text
        assert "hôm nay thay Nguyễn Thị Mai, công chức tiếp nhận" in text
        counter = client.get(f"/api/v1/counters/{mai.office.counters.get().code}/").json()
        assert counter["officers_on_duty"] == [
            {
                "name": "Trần Thị Lan",
                "title": "công chức tiếp nhận",
                "phone": "024 3825 0002",
                "instead_of": {"name": "Nguyễn Thị Mai", "title": "công chức tiếp nhận"},
            }
        ]

    def test_over_by_itself(self, page: ProcedurePage, mai: Officer) -> None:
        away(mai, person(mai.office, "Trần Thị Lan"))
        tomorrow = timezone.localdate() + timedelta(days=1)
        assert people_for(page, mai.office, tomorrow).officers == [mai]

    def test_nobody_there_names_the_head_and_a_deputy_when_she_is_away(
        self, client: Client, page: ProcedurePage, mai: Officer
    ) -> None:
        head = person(mai.office, "Bà Trưởng", role="head", phone="024 3825 0008")
        person(mai.office, "Ông Phó", role="deputy", phone="024 3825 0009")
        away(mai)
        address = f"/thu-tuc/1.004222/?office={mai.office.slug}"
        text = text_of(client.get(address))
        assert "Người tiếp nhận hôm nay vắng mặt." in text
        assert "Hỏi người đứng đầu: Bà Trưởng" in text
        assert "024 3825 0008" in text
        away(head)
        text = text_of(client.get(address))
        assert "Hỏi cấp phó: Ông Phó" in text
        assert "024 3825 0009" in text
        assert "Hôm nay vắng mặt" in text_of(client.get(f"/co-quan/{mai.office.slug}/"))

    def test_no_reason_can_be_kept(self) -> None:
        names = {one.name for one in OfficerAbsence._meta.get_fields()}
        assert names == {"id", "officer", "first_day", "last_day", "substitute"}

    def test_refused(self, mai: Officer) -> None:
        today = timezone.localdate()
        stranger = person(make_office("Nơi khác"), "Người Lạ")
        for values in (
            {"last_day": today - timedelta(days=1)},
            {"substitute": mai},
            {"substitute": stranger},
        ):
            absence = OfficerAbsence(
                **{"officer": mai, "first_day": today, "last_day": today, **values}
            )
            with pytest.raises(ValidationError):
                absence.full_clean()


class TestAssignments:
    def test_from_when_to_when(self, page: ProcedurePage, mai: Officer) -> None:
        first, last = date(2027, 1, 4), date(2027, 1, 8)
        Handling.objects.update(valid_from=first, valid_until=last)
        for day, there in (
            (first - timedelta(days=1), []),
            (first, [mai]),
            (last, [mai]),
            (last + timedelta(days=1), []),
        ):
            assert people_for(page, mai.office, day).officers == there

    def test_twice_the_same_is_refused_and_another_period_is_not(self, mai: Officer) -> None:
        row = Handling.objects.get()
        again = {"counter": row.counter, "officer": mai, "field": row.field}
        with pytest.raises(IntegrityError), transaction.atomic():
            Handling.objects.create(**again)
        Handling.objects.create(**again, valid_from=date(2027, 1, 1))

    def test_refused(self, mai: Officer) -> None:
        row = Handling.objects.get()
        stranger = person(make_office("Nơi khác"), "Người Lạ")
        for values in (
            {"substitute": mai},
            {"substitute": stranger},
            {"officer": None, "substitute": mai},
            {"valid_from": date(2027, 1, 2), "valid_until": date(2027, 1, 1)},
        ):
            handling = Handling(
                **{"counter": row.counter, "officer": mai, "field": row.field, **values}
            )
            with pytest.raises(ValidationError):
                handling.clean()

    def test_queries_do_not_grow_with_people(
        self, page: ProcedurePage, mai: Officer, django_assert_num_queries: Any
    ) -> None:
        counter = mai.office.counters.get()
        for number in range(5):
            other = person(mai.office, f"Người {number}")
            Handling.objects.create(counter=counter, officer=other, field=page.field)
            away(other, mai)
        with django_assert_num_queries(2):
            assert people_for(page, mai.office).officers == [mai]


class TestOffice:
    @pytest.mark.parametrize(
        ("latitude", "longitude", "right"),
        [
            ("21.028511", "105.852020", True),
            ("7.9", "112.9", True),  # Trường Sa
            ("105.852020", "21.028511", False),
            ("21.0", None, False),
            ("48.85", "2.35", False),
        ],
    )
    def test_coordinates_lie_in_vietnam(
        self, latitude: str | None, longitude: str | None, right: bool
    ) -> None:
        office = make_office()
        office.latitude = Decimal(latitude) if latitude else None
        office.longitude = Decimal(longitude) if longitude else None
        if right:
            office.full_clean()
        else:
            with pytest.raises(ValidationError):
                office.full_clean()

    def test_a_branch_is_part_of_a_centre_and_never_the_other_way(self) -> None:
        centre = make_office("Trung tâm")
        branch = make_office("Chi nhánh", kind="branch", part_of=centre)
        point = make_office("Điểm", kind="point", part_of=branch)
        for office in (centre, branch, point):
            office.full_clean()
        centre.part_of = branch
        with pytest.raises(ValidationError):
            centre.full_clean()
        branch.part_of = branch
        with pytest.raises(ValidationError):
            branch.full_clean()

    def test_json_tells_place_levels_and_parent(self, client: Client) -> None:
        centre = make_office("Trung tâm A")
        make_office(
            "Chi nhánh B",
            kind="branch",
            part_of=centre,
            wards=["Phường Một"],
            levels=["commune"],
            latitude=Decimal("21.5"),
            longitude=Decimal("105.25"),
        )
        branch, top = client.get("/api/v1/offices/").json()["results"]
        assert branch["part_of"] == centre.slug
        assert branch["wards"] == ["Phường Một"]
        assert branch["levels"] == ["commune"]
        assert (branch["latitude"], branch["longitude"]) == (21.5, 105.25)
        assert top["levels"] == ["province", "commune"]
        assert (top["part_of"], top["latitude"]) == (None, None)


class TestGaps:
    def _city(self) -> tuple[Office, Officer]:
        """Two procedures of the commune handled by field and by code, and three that are not."""
        office = make_office(levels=["commune"])
        counter = make_counter(office, main_field=make_field("Hộ tịch"))
        officer = person(office, "Người Một")
        make_procedure("1.000001", levels=["commune"], field=make_field("Hộ tịch"))
        make_procedure("1.000002", levels=["commune", "province"], field=make_field("Đất đai"))
        make_procedure("1.000003", levels=["commune"], field=make_field("Đất đai"), title="Ba")
        make_procedure("1.000004", levels=["province"], field=make_field("Đất đai"))
        make_procedure(
            "1.000005",
            levels=["commune"],
            standing="abolished",
            standing_reason="Theo Quyết định 1",
            standing_from=date(2026, 1, 1),
        )
        make_procedure("1.000006", levels=["commune"], applied="no")
        make_procedure("1.000007", levels=["commune"], live=False)
        Handling.objects.create(counter=counter, officer=officer, field=make_field("Hộ tịch"))
        Handling.objects.create(counter=counter, officer=officer, procedure_code="1.000002")
        return office, officer

    def test_by_field_by_code_and_by_level(self) -> None:
        office, _officer = self._city()
        [counted] = gap_counts([office])
        assert (counted.served, counted.gaps) == (3, 1)
        [gap] = gaps([office])
        assert (gap.procedure.code, gap.reason) == ("1.000003", "nobody")

    def test_why(self) -> None:
        office, officer = self._city()
        away(officer)
        found = {gap.procedure.code: gap.reason for gap in gaps([office])}
        assert found == {"1.000001": "away", "1.000002": "away", "1.000003": "nobody"}
        Officer.objects.update(active=False)
        found = {gap.procedure.code: gap.reason for gap in gaps([office])}
        assert found == {"1.000001": "left", "1.000002": "left", "1.000003": "nobody"}

    def test_counts_are_the_lists_lengths(self) -> None:
        office, officer = self._city()
        other = make_office("Nơi không có ai")
        away(officer, person(office, "Người Hai"))
        offices = [office, other]
        listed = list(gaps(offices))
        for counted in gap_counts(offices):
            assert counted.gaps == sum(gap.office == counted.office for gap in listed)

    def test_three_queries_for_any_number_of_offices(self, django_assert_num_queries: Any) -> None:
        self._city()
        offices = [*Office.objects.all(), *(make_office(f"Nơi {n}") for n in range(6))]
        with django_assert_num_queries(3):
            gap_counts(offices)

    def test_the_report_its_filter_and_its_file(self, client: Client) -> None:
        office, _officer = self._city()
        make_office("Chi nhánh Vắng")
        client.force_login(User.objects.create_superuser("quan-tri", "", "x"))
        response = client.get("/admin/nguoi-lam/chua-co/")
        counted = {one.office.title: one.gaps for one in response.context["counted"]}
        assert counted == {office.title: 1, "Chi nhánh Vắng": 4}
        one = client.get(f"/admin/nguoi-lam/chua-co/?office={office.pk}&reason=nobody")
        assert [gap.procedure.code for gap in one.context["rows"]] == ["1.000003"]
        assert one.context["total"] == 1
        file = client.get(f"/admin/nguoi-lam/chua-co/?office={office.pk}&export=csv")
        lines = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
        assert len(lines) == 2
        assert "1.000003" in lines[1]
        assert "Chưa phân công" in lines[1]

    def test_the_offices_form_counts_them(self, client: Client) -> None:
        office, _officer = self._city()
        client.force_login(User.objects.create_superuser("quan-tri", "", "x"))
        text = text_of(client.get(f"/admin/pages/{office.pk}/edit/"))
        assert "1 trong 3 thủ tục mà nơi này phục vụ hôm nay chưa có người làm" in text

    def test_who_may_not_edit_may_not_read_it(self, client: Client) -> None:
        user = User.objects.create_user("nguoi-la")
        client.force_login(user)
        assert client.get("/admin/nguoi-lam/chua-co/").status_code in (302, 403)
        user.groups.add(Group.objects.get(name=EDITORS))
        client.force_login(User.objects.get(pk=user.pk))
        assert client.get("/admin/nguoi-lam/chua-co/").status_code == 200


class TestOfficerForm:
    def _form(self, office: Office, **values: Any) -> dict[str, Any]:
        return {
            "office": office.pk,
            "name": "Người Mới",
            "title": "công chức",
            "role": "officer",
            "active": "on",
            "absences-TOTAL_FORMS": "1",
            "absences-INITIAL_FORMS": "0",
            "absences-MIN_NUM_FORMS": "0",
            "absences-MAX_NUM_FORMS": "1000",
            "absences-0-first_day": "2027-01-04",
            "absences-0-last_day": "2027-01-05",
            **values,
        }

    def test_an_absence_is_written_with_the_officer(self, client: Client) -> None:
        office = make_office()
        client.force_login(User.objects.create_superuser("quan-tri", "", "x"))
        other = person(office, "Người Thay")
        data = self._form(office, **{"absences-0-substitute": other.pk})
        response = client.post("/admin/snippets/cms/officer/add/", data)
        assert response.status_code == 302
        absence = OfficerAbsence.objects.get()
        assert (absence.officer.name, absence.substitute) == ("Người Mới", other)

    def test_a_substitute_of_another_office_is_refused(self, client: Client) -> None:
        office = make_office()
        client.force_login(User.objects.create_superuser("quan-tri", "", "x"))
        other = person(make_office("Nơi khác"), "Người Lạ")
        data = self._form(office, **{"absences-0-substitute": other.pk})
        response = client.post("/admin/snippets/cms/officer/add/", data)
        assert response.status_code == 200
        assert "Người thay phải cùng cơ quan." in text_of(response)
        assert not Officer.objects.filter(name="Người Mới").exists()
