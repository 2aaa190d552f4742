"""Rolls of slips: printed, used, printed again, handed back; slips beside receipts."""

from __future__ import annotations

import io
import unicodedata
from datetime import date, timedelta

import pypdfium2
import pytest
import zxingcpp
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from cms.models import EditorScope
from feedback import receipt_codes, slips, spending
from feedback.minting import address, mint, mint_roll
from feedback.models import Minted, SlipRoll, SpentCode
from feedback.printing.sheets import PROMISE
from feedback.printing.slips import PAPERS, roll_slips, spoken_code, write_slips
from feedback.ways import Refusal, Way, resolve
from tests.factories import make_counter, make_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def counter():
    return make_counter(make_office("Chi nhánh số 1 – Hoàn Kiếm"), name="Quầy 3: Cư trú")


def today() -> date:
    return timezone.localdate()


def new_roll(counter, number=6, **values) -> SlipRoll:
    values = {"day": today(), "user": None, "today": today(), **values}
    return slips.make_roll(counter=counter, slips=number, **values)


def pages_of(data: bytes) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(data)


def read(page) -> list[str]:
    found = zxingcpp.read_barcodes(page.render(scale=2).to_pil())
    # In reading order: upper row first.
    return [
        one.text
        for one in sorted(found, key=lambda x: (x.position.top_left.y // 50, x.position.top_left.x))
    ]


def text_of(page) -> str:
    text = unicodedata.normalize("NFC", page.get_textpage().get_text_range())
    return " ".join(text.split())


def minted(counter) -> int:
    return Minted.objects.get(counter=counter, day=today(), kind="slip").count


def test_every_slip_of_a_roll_opens_the_form_of_its_counter(counter):
    roll = new_roll(counter, 12)
    assert minted(counter) == 12
    document = pages_of(slips.roll_pdf(roll, "80mm"))
    assert len(document) == 13  # a cover, then a page a slip
    assert read(document[0]) == []
    assert "Phát cho mọi lượt phục vụ" in text_of(document[0])
    for number, (page, code) in enumerate(zip(list(document)[1:], mint_roll(roll), strict=True), 1):
        assert read(page) == [address(code)]
        text = text_of(page)
        for words in (
            "Quầy 3: Cư trú",
            "Chi nhánh số 1 – Hoàn Kiếm",
            f"Phiếu số {number:02d}/12 · {today():%d/%m/%Y}",
            *spoken_code(code),
            PROMISE,
        ):
            assert words in text
        way = resolve(code)
        assert isinstance(way, Way)
        assert way.counter == counter
        assert isinstance(resolve(" ".join(spoken_code(code)).lower()), Way)


def test_a_sheet_of_a5_carries_four_slips_to_cut(counter):
    roll = new_roll(counter, 6)
    document = pages_of(slips.roll_pdf(roll, "A5"))
    assert [round(side / 72 * 25.4) for side in document[0].get_size()] == [148, 210]
    codes = [address(code) for code in mint_roll(roll)]
    assert [read(page) for page in document] == [codes[:3], codes[3:]]


def test_printed_again_the_codes_are_the_same_and_other_rolls_have_others(counter):
    first, second = new_roll(counter), new_roll(counter)
    assert (first.number, second.number) == (1, 2)
    assert mint_roll(first) == mint_roll(SlipRoll.objects.get(pk=first.pk))
    assert not set(mint_roll(first)) & set(mint_roll(second))
    assert "cuộn 2" in text_of(pages_of(slips.roll_pdf(second, "80mm"))[1])
    assert minted(counter) == 12


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"number": 0}, "1 đến 500"),
        ({"number": 501}, "1 đến 500"),
        ({"day": timedelta(days=-1)}, "đã qua"),
        ({"day": timedelta(days=90)}, "trước nhiều nhất"),
    ],
)
def test_a_roll_that_cannot_be(counter, values, why):
    if "day" in values:
        values["day"] += today()
    with pytest.raises(slips.RollProblem, match=why):
        new_roll(counter, **values)
    assert not SlipRoll.objects.exists()
    assert not Minted.objects.exists()


def test_slips_handed_back_are_void_and_count_no_more(counter, client):
    roll = new_roll(counter, 10)
    codes = mint_roll(roll)
    assert spending.spend(receipt_codes.read(codes[8]))  # handed out of order, used
    assert slips.hand_back(roll=roll, first=7, user=None) == (3, 1)
    assert minted(counter) == 7
    assert isinstance(resolve(codes[5]), Way)
    refusal = resolve(codes[6])
    assert isinstance(refusal, Refusal)
    assert refusal.kind == "void"
    assert client.get(f"/R/{codes[6]}").status_code == 410
    document = pages_of(slips.roll_pdf(SlipRoll.objects.get(pk=roll.pk), "80mm"))
    assert len(document) == 7
    assert "6 phiếu, số 1 đến 6" in text_of(document[0])
    # More of them came back later: only the further ones are added.
    roll.refresh_from_db()
    assert slips.hand_back(roll=roll, first=5, user=None) == (2, 0)
    assert minted(counter) == 5
    with pytest.raises(slips.RollProblem, match="đã được trả lại"):
        slips.hand_back(roll=roll, first=5, user=None)
    with pytest.raises(slips.RollProblem, match="số 1 đến 10"):
        slips.hand_back(roll=roll, first=0, user=None)


def test_two_people_hand_back_at_once(counter):
    roll = new_roll(counter, 10)
    slips.hand_back(roll=SlipRoll.objects.get(pk=roll.pk), first=8, user=None)
    with pytest.raises(slips.RollProblem, match="vừa được người khác"):
        slips.hand_back(roll=roll, first=5, user=None)
    assert minted(counter) == 7
    assert SpentCode.objects.count() == 3


def test_a_whole_roll_handed_back_prints_nothing(counter):
    roll = new_roll(counter, 3)
    slips.hand_back(roll=roll, first=1, user=None)
    with pytest.raises(slips.RollProblem, match="Cả cuộn"):
        slips.roll_pdf(roll, "A5")


@pytest.mark.parametrize(("paper", "size"), [("80mm", 80), ("A5", 148)])
@pytest.mark.parametrize(
    ("kind", "head"),
    [("receipt", "Đã tiếp nhận"), ("refusal", "Từ chối"), ("supplement", "bổ sung")],
)
def test_a_receipts_slip(counter, paper, size, kind, head):
    code = mint(counter=counter, kind=kind, day=today(), outside_id="H29.1-261123-0001")
    data = slips.receipt_pdf(code, counter=counter, day=today(), kind=kind, paper=paper)
    (page,) = pages_of(data)
    assert round(page.get_size()[0] / 72 * 25.4) == size
    assert read(page) == [address(code)]
    assert head in text_of(page)
    assert "H29" not in text_of(page)


def test_names_of_any_length_fit_or_stop_the_print(counter):
    roll = new_roll(counter, 1)
    roll.counter.name = (
        "Quầy số 12 – Đất đai, xây dựng, đô thị, môi trường, nông nghiệp và giao thông"
    )
    roll.counter.office.title = (
        "Điểm tiếp nhận hồ sơ và trả kết quả thủ tục hành chính phường Nghĩa Đô – Chi nhánh "
        "số 12, Trung tâm Phục vụ hành chính công thành phố"
    )
    codes = mint_roll(roll)
    for paper in PAPERS:
        file = io.BytesIO()
        write_slips(roll_slips(roll, codes), file, paper=paper)
        last = list(pages_of(file.getvalue()))[-1]
        assert address(codes[0]) in read(last)
        assert roll.counter.name in text_of(last)
    roll.counter.name = "Quầy 😀"
    with pytest.raises(ValueError, match="😀"):
        slips.roll_pdf(roll, "80mm")


def test_codes_of_other_lengths_are_grouped_too():
    assert spoken_code("A" * 26) == ["AAAA AAAA AAAAA", "AAAA AAAA AAAAA"]
    assert spoken_code("ABCDEFG") == ["ABCD EFG"]


# The editor's screens


@pytest.fixture
def editor(client, django_user_model, counter):
    user = django_user_model.objects.create_user("editor", password="x")
    user.user_permissions.add(
        *Permission.objects.filter(codename__in=["access_admin", "change_counter"])
    )
    scope = EditorScope.objects.create(user=user)
    scope.offices.add(counter.office)
    client.force_login(user)
    return user


def test_made_printed_and_handed_back_on_the_screens(client, counter, editor):
    page = client.get(reverse("slip_rolls"), {"quay": counter.pk})
    assert "Chưa có cuộn phiếu nào" in page.content.decode()
    sent = {"counter": counter.pk, "day": today().isoformat(), "slips": 8}
    made = client.post(reverse("slip_rolls"), sent, follow=True)
    roll = SlipRoll.objects.get()
    assert roll.printed_by == editor
    assert "Đã tạo cuộn 1, 8 phiếu" in made.content.decode()
    file = client.get(reverse("slip_roll_file", args=[roll.pk, "A5"]))
    assert "no-store" in file["Cache-Control"]
    assert len(pages_of(b"".join(file.streaming_content))) == 3
    address_ = reverse("slip_roll_hand_back", args=[roll.pk])
    asked = client.post(address_, {"first": 6})
    assert "Huỷ 3 phiếu, từ số 6 đến số 8?" in asked.content.decode()
    assert not SpentCode.objects.exists()
    # Another number than the one confirmed asks again.
    assert "Huỷ 4 phiếu" in client.post(address_, {"first": 5, "sure": 6}).content.decode()
    done = client.post(address_, {"first": 6, "sure": 6}, follow=True).content.decode()
    assert "Đã huỷ 3 phiếu, từ số 6." in done
    assert "Phiếu từ số 6 đến 8 đã được trả lại" in done
    wrong = client.post(address_, {"first": 7})
    assert wrong.status_code == 422
    assert "Ghi một số từ 1 đến 5" in wrong.content.decode()
    assert SlipRoll.objects.get().void_by == editor


def test_wrong_forms_say_why(client, counter, editor):
    other = make_counter()
    for sent, why in (
        ({"counter": other.pk, "day": today().isoformat(), "slips": 8}, "hợp lệ"),
        ({"counter": counter.pk, "day": "2020-01-01", "slips": 8}, "đã qua"),
        ({"counter": counter.pk, "day": today().isoformat(), "slips": 5000}, "500"),
        ({}, "bắt buộc"),
    ):
        answer = client.post(reverse("slip_rolls"), sent)
        assert answer.status_code == 422
        assert why in answer.content.decode()
    assert not SlipRoll.objects.exists()


def test_rolls_of_other_offices_are_closed(client, editor, admin_user):
    roll = new_roll(make_counter())
    for address_ in (
        reverse("slip_roll", args=[roll.pk]),
        reverse("slip_roll_file", args=[roll.pk, "A5"]),
        reverse("slip_roll_hand_back", args=[roll.pk]),
    ):
        assert client.get(address_).status_code in {302, 403}
    assert str(roll.counter) not in client.get(reverse("slip_rolls")).content.decode()
    client.logout()
    assert "/admin/login/" in client.get(reverse("slip_rolls"))["Location"]
