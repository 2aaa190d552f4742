"""``/phuong-phap/``: the formula in words, the law's criteria, and an example one can change."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from feedback.example import Asked, Worked, worked
from feedback.presentation import LEVEL_WORDS, TIERS, Plot, number, percent, score_plot
from feedback.scoring import FEW, HIDDEN, METHOD

#: The most answers of one level that the example takes.
LIMIT = 100_000
#: Ready-made examples: what they show, and the address that does.
EXAMPLES: tuple[tuple[Promise, str], ...] = (
    (_("Ít đánh giá: điểm còn nghiêng về mức chung"), "m1=3&m2=2&m3=1&m4=1&m5=1&tuoi=7"),
    (_("Quầy bị đánh giá thấp"), "m1=8&m2=12&m3=14&m4=16&m5=10&tuoi=15"),
    (
        _("Cũng quầy ấy, bị nhồi thêm 60 “rất hài lòng” từ áp phích"),
        "m1=8&m2=12&m3=14&m4=16&m5=10&p5=60&tuoi=15",
    ),
    (_("Đánh giá đã cũ nửa năm"), "m1=1&m2=2&m3=5&m4=17&m5=25&tuoi=180"),
)
#: NĐ 118/2025 Đ33.1: point, what the law lets people judge, what the form asks for it, and how it
#: enters the score (None: it does not).
CRITERIA: tuple[tuple[str, Promise, Promise, Promise | None], ...] = (
    (
        "a",
        _("Thời gian giải quyết, từ khi nộp đến khi có kết quả"),
        _("Câu hỏi “Thời gian”"),
        _("điểm riêng; 25 % điểm chung"),
    ),
    ("b", _("Số cơ quan phải liên hệ"), _("Không hỏi: người dân được rời quầy sớm"), None),
    ("c", _("Số lần phải đến hoặc liên hệ"), _("Không hỏi riêng"), None),
    (
        "d",
        _("Thông tin thủ tục được công khai đúng, đủ, kịp thời"),
        _(
            "Không hỏi ở phiếu; mỗi trang thủ tục có “Thông tin này có đúng không?” "
            "và câu trả lời của cơ quan"
        ),
        None,
    ),
    (
        "đ",
        _("Thái độ, ứng xử của người tiếp nhận"),
        _("Câu hỏi bắt buộc duy nhất: “Thái độ phục vụ”"),
        _("điểm chính, công bố riêng; 40 % điểm chung"),
    ),
    (
        "e",
        _("Kết quả và chi phí đúng quy định"),
        _("Câu hỏi “Phí, lệ phí đúng quy định”; kết quả hồ sơ thì không hỏi"),
        _("điểm riêng; 15 % điểm chung"),
    ),
    (
        "g",
        _("Việc giải thích, hướng dẫn"),
        _("Câu hỏi “Hướng dẫn rõ ràng”"),
        _("điểm riêng; 20 % điểm chung"),
    ),
    (
        "h",
        _("Dịch vụ công trực tuyến"),
        _("Không hỏi: nộp hồ sơ trực tuyến chỉ ở Cổng Dịch vụ công quốc gia"),
        None,
    ),
)


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """The method, with the example of ``?m1=…&p1=…&tuoi=&suc=``; a wrong value falls back."""
    asked, wrong = _asked(request)
    return render(
        request,
        "feedback/method.html",
        {
            "method": METHOD,
            "levels": [
                {
                    "number": level,
                    "words": words,
                    "receipts": asked.receipts[level - 1],
                    "posters": asked.posters[level - 1],
                }
                for level, words in LEVEL_WORDS.items()
            ],
            "asked": asked,
            "wrong": wrong,
            "example": _texts(worked(asked)),
            "prior": [
                (LEVEL_WORDS[k], number(METHOD.default_prior[k - 1], 2)) for k in LEVEL_WORDS
            ],
            "examples": EXAMPLES,
            "criteria": CRITERIA,
            "plot_id": "diem-vi-du",
        },
    )


def _asked(request: HttpRequest) -> tuple[Asked, bool]:
    """The reader's numbers, and whether any was not a whole number in its range."""
    usual, wrong = Asked(), False

    def read(name: str, default: int, low: int, high: int) -> int:
        nonlocal wrong
        text = request.GET.get(name, str(default)).strip() or "0"
        good = text.isascii() and text.isdigit() and len(text) <= 6 and low <= int(text) <= high
        wrong = wrong or not good
        return int(text) if good else default

    given = any(f"{way}{level}" in request.GET for way in "mp" for level in LEVEL_WORDS)
    receipts = (0,) * 5 if given else usual.receipts
    asked = Asked(
        receipts=tuple(read(f"m{k}", receipts[k - 1], 0, LIMIT) for k in range(1, 6)),
        posters=tuple(read(f"p{k}", 0, 0, LIMIT) for k in range(1, 6)),
        age=read("tuoi", usual.age, 0, METHOD.window_days),
        m=read("suc", usual.m, int(METHOD.strength_low), int(METHOD.strength_high)),
    )
    return (usual if wrong else asked), wrong


def _texts(found: Worked) -> dict[str, Any]:
    """The steps in words and figures. Never hidden: the reader made the answers up."""
    score = found.score
    shape, words, css = TIERS.get(score.tier or "", ("", "", ""))
    plot: Plot = score_plot(
        score.score, score.low, score.high, score.peer_mean, hollow=score.status != "published"
    )
    return {
        "steps": [
            {
                "words": LEVEL_WORDS[step.level],
                "value": number(step.value, 0),
                "answers": number(step.receipts + step.posters, 0),
                "weight": number(step.weight, 2),
                "prior": number(step.prior, 2),
                "alpha": number(step.alpha, 2),
                "product": number(step.product),
            }
            for step in reversed(found.steps)
        ],
        "decay": number(found.decay, 3),
        "poster_weight": number(found.poster_weight, 2),
        "poster_cap": number(found.poster_cap, 2),
        "poster_scale": number(found.poster_scale, 3) if found.poster_scale < 1 else "",
        "n": number(score.n, 0),
        "n_eff": number(score.n_eff),
        "total": number(found.total, 2),
        "product": number(found.product),
        "naive": "" if found.naive is None else number(found.naive),
        "score": number(score.score),
        "sd": number(score.sd, 2),
        "low": number(score.low),
        "high": number(score.high),
        "peer_mean": number(score.peer_mean),
        "satisfied": percent(score.satisfied),
        "would_hide": score.status == HIDDEN,
        "few": score.status == FEW,
        "shape": shape,
        "tier": words,
        "tier_class": css,
        "plot": plot,
    }
