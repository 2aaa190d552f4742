"""Questions whose right answers are known, and how well the search answered them when."""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.db import models

from search.models.curated import CuratedRow
from search.question import QUERY_LIMIT

_CODE = re.compile(r"\d\.\d{6,9}(?:-[a-z]+)?")
KIND_LIMIT = 40


class EvaluationQuestion(CuratedRow):
    """A question as people type it, and the codes that answer it, one a line.

    No code: nothing should be found (giá vàng, asdf).
    """

    CONTENT = ("query", "codes", "kind", "note")

    query = models.CharField("câu hỏi", max_length=QUERY_LIMIT)
    codes = models.TextField("mã thủ tục đúng", blank=True, default="")
    kind = models.CharField("loại câu hỏi", max_length=KIND_LIMIT, blank=True, default="")

    class Meta:
        verbose_name = "câu hỏi mẫu"
        verbose_name_plural = "câu hỏi mẫu"
        ordering = ["rank", "pk"]

    def __str__(self) -> str:
        return self.query

    @property
    def right(self) -> frozenset[str]:
        """The codes, as the index has them."""
        return frozenset(self.codes.split())

    def set_key(self) -> None:
        """As typed: the same question without marks or in capitals is another one."""
        self.key = self.query

    def as_text(self) -> str:
        """One line."""
        return f"{self.query} → {', '.join(self.codes.split()) or 'không có'}"

    def tidy(self) -> None:
        """Codes in one spelling, single spaces. Raises ValidationError, without the database."""
        self.query = " ".join(self.query.split())  # not composed: some devices type NFD
        self.kind, self.note = one_line(self.kind), one_line(self.note)
        if not self.query:
            raise ValidationError({"query": "Thiếu câu hỏi."})
        if len(self.query) > QUERY_LIMIT:
            raise ValidationError({"query": f"Câu hỏi dài quá {QUERY_LIMIT} ký tự."})
        if len(self.kind) > KIND_LIMIT:
            raise ValidationError({"kind": f"Tên loại dài quá {KIND_LIMIT} ký tự."})
        codes = re.split(r"[\s,;|]+", self.codes.strip().lower()) if self.codes.strip() else []
        wrong = [code for code in codes if not _CODE.fullmatch(code)]
        if wrong:
            raise ValidationError({"codes": f"Không phải mã thủ tục: {', '.join(wrong)}."})
        self.codes = "\n".join(dict.fromkeys(codes))
        self.set_key()

    def clean(self) -> None:
        """Tidy, and not there already."""
        self.tidy()
        if EvaluationQuestion.objects.filter(key=self.key).exclude(pk=self.pk).exists():
            raise ValidationError({"query": "Đã có câu hỏi này trong danh sách."}, code="exists")


def one_line(text: str) -> str:
    """Composed, with single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


class EvaluationRun(models.Model):
    """One measurement of all active questions.

    Shares from 0 to 1. ``by_kind`` is ``{kind: {"n", "hit1", "hit3", "mrr"}}``; ``failed`` the
    questions without a right answer among the first three: ``[{"query", "codes", "kind",
    "first"}]``, kept for the newest runs only. ``left_out`` questions ask for procedures that
    this site does not have.
    """

    at = models.DateTimeField("lúc", db_index=True)
    language = models.CharField("phiên bản từ ngữ", max_length=40, blank=True, default="")
    entries = models.PositiveIntegerField("số mục từ ngữ", default=0)
    documents = models.PositiveIntegerField("số thủ tục", default=0)
    n = models.PositiveIntegerField("số câu hỏi")
    left_out = models.PositiveIntegerField("bỏ qua", default=0)
    hit1 = models.FloatField("đúng ngay đầu")
    hit3 = models.FloatField("đúng trong ba")
    mrr = models.FloatField("MRR")
    by_kind = models.JSONField(default=dict)
    failed = models.JSONField(default=list)

    class Meta:
        verbose_name = "lần đo tìm kiếm"
        verbose_name_plural = "các lần đo tìm kiếm"
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y %H:%M}: {self.hit3:.3f}"
