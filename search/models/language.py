"""The curated language as rows; search/language.py says what they mean."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models

from search import vietnamese as vn
from search.language import HIDDEN, KINDS, PHRASE_LIMIT, Entry, LanguageError, dump, parse
from search.models.curated import TAG, CuratedRow


class LanguageEntry(CuratedRow):
    """One entry: ``said`` is what people type, ``means`` one meaning (or code) a line.

    Hidden terms are one row a procedure: ``said`` is its code, ``means`` what people call it.
    """

    CONTENT = ("kind", "said", "means", "note")
    TAGS = (TAG,)

    kind = models.CharField("loại", max_length=20)
    said = models.CharField("người dân gõ", max_length=PHRASE_LIMIT)
    means = models.TextField("nghĩa là", blank=True, default="")

    class Meta:
        verbose_name = "từ ngữ tìm kiếm"
        verbose_name_plural = "từ ngữ tìm kiếm"
        ordering = ["rank", "pk"]

    def __str__(self) -> str:
        return self.said

    @classmethod
    def of(cls, entry: Entry) -> LanguageEntry:
        """The row of an entry, not saved."""
        row = cls(kind=entry.kind, said=entry.said, means="\n".join(entry.means), note=entry.note)
        row.set_key()
        return row

    @property
    def entry(self) -> Entry:
        """The row as the search reads it."""
        return Entry(self.kind, self.said, tuple(self.means.splitlines()), self.note)

    def set_key(self) -> None:
        """The same words, however they are spelt, are one entry of their kind."""
        self.key = entry_key(self.kind, self.said)

    def as_text(self) -> str:
        """As the file has it, without the remark."""
        entry = self.entry
        note = entry.note if entry.kind == HIDDEN else ""
        return dump([Entry(entry.kind, entry.said, entry.means, note)]).rstrip("\n")

    def clean(self) -> None:
        """What cannot be read back from the file is not let in; the errors name the box."""
        self.said = " ".join(self.said.split())
        self.note = " ".join(self.note.split())
        self.means = "\n".join(
            line for raw in self.means.splitlines() if (line := " ".join(raw.split()))
        )
        if self.kind not in KINDS:
            raise ValidationError({"kind": "Không có loại này."})
        if not vn.folded_words(self.said):
            raise ValidationError({"said": "Thiếu chữ."})
        entry = self.entry
        if entry.kind == HIDDEN and not entry.means:
            raise ValidationError({"means": "Hãy ghi ít nhất một cách gọi."})
        wanted = Entry(entry.kind, entry.said, entry.means)
        try:
            found = parse(dump([wanted]))
        except LanguageError as error:
            raise ValidationError(_placed(error, entry)) from None
        if len(found) != 1:
            raise ValidationError({"said": "Không được bắt đầu bằng dấu này."})
        if found[0].kind != entry.kind or found[0].said != entry.said:
            if found[0].kind == entry.kind and found[0].said.lower() == entry.said.lower():
                self.said = found[0].said
            else:
                text = "Không được dùng các dấu > | = := và không bắt đầu bằng dấu đặc biệt."
                raise ValidationError({"said": text})
        if [one.lower() for one in found[0].means] != [one.lower() for one in entry.means]:
            raise ValidationError({"means": "Không được dùng các dấu > | =; mỗi nghĩa một dòng."})
        self.means = "\n".join(found[0].means)
        self.set_key()
        same = LanguageEntry.objects.filter(key=self.key).exclude(pk=self.pk).first()
        if same:
            text = f"Đã có mục “{same.said}”: tìm mục đó ở Từ ngữ và viết thêm vào đó."
            if not same.active:
                text = f"Đã có mục “{same.said}” nhưng đang tắt: tìm mục đó ở Từ ngữ và bật lại."
            raise ValidationError({"said": text}, code="exists")


def _placed(error: LanguageError, entry: Entry) -> dict[str, str]:
    """The error beside the box it is about."""
    if error.line > 1:
        return {"means": f"Dòng {error.line - 1}: {reason(error)}."}
    if entry.kind == HIDDEN:
        return {"said": "Đây không phải mã thủ tục; mã có dạng 1.001193."}
    if not _fine(entry.said):
        return {"said": _sentence(reason(error))}
    if not entry.means:
        return {"means": "Hãy ghi ít nhất một dòng."}
    return {"means": _sentence(reason(error))}


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _fine(text: str) -> bool:
    return bool(vn.folded_words(text)) and len(text) <= PHRASE_LIMIT


def reason(error: LanguageError) -> str:
    """What is wrong, without the number of the line."""
    return str(error).partition(": ")[2]


def entry_key(kind: str, said: str) -> str:
    """Which entry it is: kind and words, in one spelling; a code as it is."""
    if kind == HIDDEN:
        return f"{kind}:{said.strip().lower()}"
    return f"{kind}:{' '.join(token.text for token in vn.tokens(said))}"
