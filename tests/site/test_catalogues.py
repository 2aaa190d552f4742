"""The catalogues: compiled, complete in their placeholders, and really used by the admin."""

from __future__ import annotations

import json
import re
from pathlib import Path

import polib
import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from django.utils.translation import gettext, ngettext

from portal.management.commands.compile_catalogues import catalogues, compiled

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")
TAG = re.compile(r"<[^>]+>")
ENTRIES = [
    pytest.param(entry, id=f"{path.parts[-3]}:{path.stem}:{entry.linenum}")
    for path in sorted((Path(__file__).parents[2] / "site/locale").glob("*/LC_MESSAGES/*.po"))
    for entry in polib.pofile(str(path))
    if not entry.obsolete
]


def _texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_there_are_catalogues():
    assert {path.name for path in catalogues()} >= {"django.po", "djangojs.po"}


def test_placeholders_and_tags_survive_translation():
    wrong = []
    for parameter in ENTRIES:
        entry = parameter.values[0]
        sources = [entry.msgid, entry.msgid_plural or entry.msgid]
        for text in filter(None, _texts(entry)):
            for pattern in (PLACEHOLDER, TAG):
                found = sorted(pattern.findall(text))
                if found not in [sorted(pattern.findall(source)) for source in sources]:
                    wrong.append((parameter.id, entry.msgid, text))
    assert wrong == []


def test_outer_spaces_survive_translation():
    """Wagtail glues some strings to what follows: a lost space would show."""
    edges = re.compile(r"^(\s*).*?(\s*)$", re.DOTALL)
    wrong = [
        entry.msgid
        for entry in (parameter.values[0] for parameter in ENTRIES)
        for text in filter(None, _texts(entry))
        if edges.match(entry.msgid).groups() != edges.match(text).groups()
    ]
    assert wrong == []


def test_no_vietnamese_entry_is_left_empty():
    empty = [
        entry.msgid
        for path in catalogues()
        if path.parts[-3] == "vi"
        for entry in polib.pofile(str(path))
        if not entry.translated()
    ]
    assert empty == []


def test_compiled_files_are_fresh():
    for path in catalogues():
        assert path.with_suffix(".mo").read_bytes() == compiled(path), path


def test_command_compiles_and_checks(tmp_path, settings, capsys):
    folder = tmp_path / "vi" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "Bell"\nmsgstr "Chuông"\n',
        encoding="utf-8",
    )
    settings.LOCALE_PATHS = [tmp_path]
    with pytest.raises(CommandError):
        call_command("compile_catalogues", "--check")
    assert not (folder / "django.mo").exists()
    call_command("compile_catalogues")
    assert polib.mofile(str(folder / "django.mo")).find("Bell").msgstr == "Chuông"
    call_command("compile_catalogues", "--check")


def test_command_names_a_broken_catalogue(tmp_path, settings):
    folder = tmp_path / "vi" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text('msgid "a"\nmsgstring "b"\n', encoding="utf-8")
    settings.LOCALE_PATHS = [tmp_path]
    with pytest.raises(CommandError, match=r"django\.po"):
        call_command("compile_catalogues")


def test_our_words_win_over_wagtails():
    """LOCALE_PATHS come before the catalogues of the apps."""
    with translation.override("vi"):
        assert gettext("Publish") == "Đăng"
        assert gettext("Save draft") == "Lưu bản nháp"
        assert ngettext("%(counter)s page", "%(counter)s pages", 3)
    with translation.override("en"):
        assert gettext("Publish") == "Publish"


@pytest.mark.django_db
def test_script_catalogue_of_the_admin_has_them(client):
    """Wagtail limits its script catalogue to its own package; ours is read all the same."""
    text = client.get("/admin/jsi18n/").content.decode()
    for words in ("Chuyển xuống", "Thêm một dòng"):
        assert json.dumps(words) in text or f'"{words}"' in text
