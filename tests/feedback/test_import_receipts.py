"""Receipts from files and from a one-stop system: broken rows harm no others."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from feedback import receipt_codes
from feedback.models import Minted, OneStopSystem, ReceiptMark
from feedback.receipt_api import digest_of
from tests.factories import make_counter

TODAY = timezone.localdate().isoformat()


@pytest.fixture
def counter(db):
    return make_counter(code="ABC0123")


def run(path, **options) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command("import_receipts", str(path), stdout=out, stderr=err, **options)
    except SystemExit as end:
        code = end.code
    return code, out.getvalue().strip().splitlines()[-1], err.getvalue()


def good(number: int, **values) -> dict[str, str]:
    return {"counter": "ABC0123", "id": f"H{number}", "received": TODAY, **values}


BROKEN = [
    ({"counter": "ZZZ9999"}, "không có quầy"),
    ({"counter": None}, "không có quầy"),
    ({"id": ""}, "thiếu id"),
    ({"id": "x" * 101}, "dài quá 100"),
    ({"received": ""}, "thiếu received"),
    ({"received": "23-11-26"}, "phải là ngày"),
    ({"received": "2999-01-01"}, "chưa tới"),
    ({"received": "2020-01-01"}, "quá hạn"),
    ({"due": "2020-01-01"}, "due trước"),
    ({"kind": "slip"}, "kind phải là"),
    ({"kind": "result"}, "phải có returned"),
    ({"kind": 7}, "kind phải là chữ"),
]


def test_broken_rows_are_told_with_line_and_reason_and_the_others_stay(counter, tmp_path):
    rows = [good(1), *({**good(2), **wrong} for wrong, _ in BROKEN), "chữ", good(3)]
    path = tmp_path / "receipts.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows) + "{hỏng\n")
    code, last, errors = run(path)
    assert (code, last) == (1, f"created: 2, repeated: 0, rejected: {len(BROKEN) + 2}")
    lines = errors.splitlines()
    for number, (_, reason) in enumerate(BROKEN, start=2):
        assert lines[number - 2].startswith(f"{path}:{number}")
        assert reason in lines[number - 2]
    assert Minted.objects.get().count == 2


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_as_offices_save_it(counter, tmp_path, delimiter):
    path = tmp_path / "receipts.csv"
    day = timezone.localdate().strftime("%d/%m/%Y")
    rows = [
        ["counter", "procedure", "received", "due", "returned", "id", "kind"],
        ["abc0123", "1.001193", day, "", "", "H1", ""],
        ["ABCO123", "", f"{TODAY}T08:30:00+07:00", "", "", "H2", "supplement"],
        ["ABC0123", "", TODAY],
    ]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8-sig")
    code, last, errors = run(path)
    assert (code, last) == (1, "created: 2, repeated: 0, rejected: 1")
    assert ":4: thiếu id" in errors


def test_the_same_file_again_gives_the_same_codes(counter, tmp_path):
    path = tmp_path / "receipts.json"
    path.write_text(json.dumps([good(number) for number in range(700)], indent=1))
    found = []
    for state in ("created: 700, repeated: 0", "created: 0, repeated: 700"):
        out = tmp_path / "codes.csv"
        assert run(path, codes=out)[:2] == (0, f"{state}, rejected: 0")
        rows = list(csv.DictReader(out.read_text("utf-8-sig").splitlines()))
        assert out.stat().st_mode & 0o777 == 0o600
        found.append([(row["line"], row["id"], row["code"], row["url"]) for row in rows])
    assert found[0] == found[1]
    assert len({code for _, _, code, _ in found[0]}) == 700
    assert ReceiptMark.objects.count() == Minted.objects.get().count == 700


def test_a_broken_off_file_is_taken_up_again(counter, tmp_path):
    path = tmp_path / "receipts.json"
    whole = json.dumps([good(number) for number in range(600)])
    path.write_text(whole[: len(whole) - 30])
    with pytest.raises(CommandError, match="danh sách JSON hỏng sau phần tử thứ 599"):
        run(path)
    assert Minted.objects.get().count == 500  # whole batches stay
    path.write_text(whole)
    assert run(path)[:2] == (0, "created: 100, repeated: 500, rejected: 0")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"a,b\n1,2\n", "counter, id, received"),
        ("quầy".encode("utf-16"), "UTF-8"),
        (b"[", "JSON hỏng"),
    ],
)
def test_a_file_that_is_none_is_one_clear_line(counter, tmp_path, content, says):
    path = tmp_path / "receipts"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=says):
        run(path)
    with pytest.raises(CommandError, match="No such file"):
        run(tmp_path / "missing")


# The same from a one-stop system

TOKEN = "bck_" + "t" * 40


@pytest.fixture
def system(db):
    return OneStopSystem.objects.create(
        name="Hệ thống một cửa", token_digest=digest_of(TOKEN), token_hint="tttt"
    )


def post(client, body, token: str | None = TOKEN):
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    data = body if isinstance(body, str) else json.dumps(body)
    return client.post("/api/v1/receipts/", data, content_type="application/json", headers=headers)


def test_one_receipt_gives_code_address_and_svg(client, counter, system):
    answer = post(client, good(1))
    assert answer.status_code == 200
    body = answer.json()
    assert (body["id"], body["state"]) == ("H1", "created")
    assert receipt_codes.read(body["code"])
    assert body["url"].endswith(f"/R/{body['code']}")
    svg = client.get(body["svg"])
    assert svg["Content-Type"] == "image/svg+xml"
    assert body["url"] in svg.content.decode()
    assert client.get(f"/r/{body['code']}").status_code == 200
    again = post(client, good(1)).json()
    assert (again["state"], again["code"]) == ("repeated", body["code"])
    system.refresh_from_db()
    assert system.last_used_on == timezone.localdate()


def test_a_list_is_answered_row_by_row(client, counter, system):
    answer = post(client, [good(1), {**good(2), "counter": "ZZZ9999"}, 7, good(1), good(3)])
    assert answer.status_code == 200
    body = answer.json()
    states = [row["state"] for row in body["results"]]
    assert states == ["created", "rejected", "rejected", "repeated", "created"]
    assert (body["count"], body["created"], body["repeated"], body["rejected"]) == (5, 2, 1, 2)
    assert "không có quầy" in body["results"][1]["detail"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"id": "H1"}, 422),
        ("7", 422),
        ("{hỏng", 400),
        ([{}] * 1001, 413),
        ('"' + "x" * 3_000_000 + '"', 413),
    ],
    ids=["no counter", "no object", "no JSON", "too many", "too large"],
)
def test_what_cannot_be_used_is_told(client, counter, system, body, status):
    answer = post(client, body)
    assert answer.status_code == status
    assert answer.json()["detail"]


def test_only_a_system_whose_token_holds(client, counter, system):
    for token in (None, "", "wrong"):
        answer = post(client, good(1), token)
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Bearer")
    system.revoked_on = timezone.localdate()
    system.save()
    assert post(client, good(1)).status_code == 403
    assert not Minted.objects.exists()


def test_described_in_openapi(client, db):
    schema = client.get("/api/v1/schema/", headers={"Accept": "application/json"}).json()
    described = schema["paths"]["/api/v1/receipts/"]["post"]
    assert {"200", "401", "403", "413", "422"} <= set(described["responses"])
