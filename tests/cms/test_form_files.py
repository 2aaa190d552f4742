"""Forms as files: on the page, beside the paper that names them, in JSON, as safe downloads."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.documents import get_document_model

from cms.form_files import FormFile, forms_for, forms_of, size_text
from cms.groups import EDITORS
from cms.models import ProcedurePage
from cms.record import DocumentItem
from tests.factories import make_procedure


def _paper(name: str = "Giấy tờ", *forms: str) -> DocumentItem:
    return DocumentItem(name, 1, 0, forms)


def _form(name: str) -> FormFile:
    return FormFile(name, "/documents/1/mau.docx", "DOCX", 45_000)


class TestMatching:
    @pytest.mark.parametrize(
        ("form", "paper"),
        [
            ("Mẫu số 01", _paper("Tờ khai", "Mẫu số 1 ban hành kèm theo Thông tư 2/2026")),
            ("Mẫu số 01 - Tờ khai đăng ký", _paper("Tờ khai", "Mẫu số 01")),
            ("TỜ KHAI ĐĂNG KÝ KHAI SINH", _paper("Tờ khai đăng ký khai sinh (theo mẫu)")),
            ("To\u031b khai", _paper("Đơn", "Tơ khai")),
        ],
    )
    def test_names_that_belong_together(self, form: str, paper: DocumentItem) -> None:
        assert forms_for(paper, [_form(form)])

    @pytest.mark.parametrize(
        ("form", "paper"),
        [
            ("Mẫu số 1", _paper("Tờ khai", "Mẫu số 10")),
            ("Mẫu số 1", _paper("Tờ khai", "Mẫu số 11 và mẫu số 21")),
            ("Tờ khai", _paper("Tờ khai đăng ký khai sinh")),
            ("Mẫu số 01", _paper("Giấy chứng sinh")),
            ("", _paper("Tờ khai", "Mẫu số 1")),
        ],
    )
    def test_names_that_do_not(self, form: str, paper: DocumentItem) -> None:
        assert not forms_for(paper, [_form(form)])

    def test_sizes_in_words(self) -> None:
        assert [size_text(n) for n in (800, 45_200, 1_250_000)] == ["800 byte", "45 kB", "1,2 MB"]


def _document(name: str = "mau-01.docx", data: bytes = b"x" * 45_000) -> Any:
    model = get_document_model()
    document = model(title="Mẫu 01", file=ContentFile(data, name=name))
    document.file_size = len(data)
    document.save()
    return document


def _with_form(document_id: int) -> ProcedurePage:
    item = {"name": "Tờ khai", "forms": [{"type": "item", "value": "Mẫu số 01"}]}
    return make_procedure(
        "1.001193",
        cases=[{"type": "case", "value": {"items": [{"type": "item", "value": item}]}}],
        form_files=[{"type": "file", "value": {"name": "Mẫu số 01", "document": document_id}}],
    )


@pytest.mark.django_db
class TestOnThePage:
    def test_section_and_beside_the_paper(self, client: Client) -> None:
        document = _document()
        _with_form(document.pk)
        html = client.get("/thu-tuc/1.001193/").content.decode()
        assert "Mẫu đơn, tờ khai" in html
        assert html.count(f'href="{document.url}" download') == 2
        assert html.count("(DOCX, 45 kB)") == 2

    def test_a_deleted_file_drops_out(self, client: Client) -> None:
        document = _document()
        page = _with_form(document.pk)
        document.delete()
        assert forms_of(page) == []
        html = client.get("/thu-tuc/1.001193/").content.decode()
        assert 'id="bieu-mau"' not in html

    def test_one_query_with_forms_and_none_without(self, django_assert_num_queries: Any) -> None:
        page, bare = _with_form(_document().pk), make_procedure("1.000002")
        with django_assert_num_queries(1):
            assert len(forms_of(page)) == 1
        with django_assert_num_queries(0):
            assert forms_of(bare) == []

    def test_json(self, client: Client) -> None:
        document = _document()
        _with_form(document.pk)
        record = client.get("/api/v1/procedures/1.001193/").json()
        assert record["forms"] == [
            {"name": "Mẫu số 01", "url": document.url, "type": "DOCX", "size": 45_000}
        ]


@pytest.mark.django_db
class TestDownload:
    @pytest.mark.parametrize("name", ["mau-01.docx", "mau-01.pdf"])
    def test_anybody_gets_an_attachment_that_is_never_sniffed(
        self, client: Client, name: str
    ) -> None:
        response = client.get(_document(name).url)
        assert response.status_code == 200
        assert response["Content-Disposition"].startswith("attachment")
        assert response["X-Content-Type-Options"] == "nosniff"

    def test_not_past_the_view_that_says_attachment(self, client: Client) -> None:
        document = _document("mau-01.pdf")
        assert client.get(document.file.url).status_code == 404


@pytest.mark.django_db
class TestEditor:
    def _upload(self, client: Client, name: str, data: bytes) -> Any:
        return client.post(
            reverse("wagtaildocs:add"),
            {"title": "Mẫu 01", "file": SimpleUploadedFile(name, data), "collection": "1"},
        )

    @pytest.fixture
    def editor(self, client: Client) -> Client:
        user = User.objects.create_user("bien-tap")
        user.groups.add(Group.objects.get(name=EDITORS))
        client.force_login(user)
        return client

    def test_an_editor_finds_documents_in_the_menu_and_adds_one(self, editor: Client) -> None:
        assert "/admin/documents/" in editor.get("/admin/").content.decode()
        assert self._upload(editor, "mau-01.docx", b"PK").status_code == 302
        assert get_document_model().objects.count() == 1

    @pytest.mark.parametrize("name", ["mau.html", "mau.exe", "mau.docm", "mau.svg", "mau"])
    def test_other_kinds_of_files_are_refused(self, editor: Client, name: str) -> None:
        assert self._upload(editor, name, b"x").status_code == 200
        assert not get_document_model().objects.exists()

    def test_files_that_are_too_large_are_refused(self, editor: Client, settings: Any) -> None:
        settings.WAGTAILDOCS_MAX_UPLOAD_SIZE = 10
        assert self._upload(editor, "mau-01.docx", b"x" * 11).status_code == 200
        assert not get_document_model().objects.exists()
