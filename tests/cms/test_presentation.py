"""Words and shapes the public pages are made of."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from cms.presentation import channel_lines, fee_groups, papers_text, steps_and_notes
from cms.record import Channel, DocumentCase, DocumentItem, Fee, ProcessingTime
from cms.templatetags.cms_tags import qr_path, split_text, tel


class TestWords:
    def test_steps_and_notes(self) -> None:
        texts = ["Bước 1: Nộp.", "- Nhận phiếu hẹn.", "Bước 3. Nhận.", "* Lưu ý:\n- Đọc kỹ.", " "]
        assert steps_and_notes(texts) == (
            ["Nộp.", "Nhận phiếu hẹn.", "Nhận."],
            ["Lưu ý:\n- Đọc kỹ."],
        )

    def test_papers_over_cases(self) -> None:
        def of(*counts: int) -> str:
            return papers_text(
                [
                    DocumentCase("", tuple(DocumentItem("x", 1, 0, ()) for _ in range(count)))
                    for count in counts
                ]
            )

        assert (of(), of(0), of(4), of(2, 2), of(3, 5, 1)) == (
            "",
            "",
            "4 giấy tờ",
            "2 giấy tờ",
            "1–5 giấy tờ",
        )

    def test_channels_that_cost_the_same_are_one_line(self) -> None:
        def way(kind: str, amount: int) -> Channel:
            fee = Fee(amount=Decimal(amount), currency="VND", condition="", text="")
            return Channel(kind, ProcessingTime(None, "", ""), (fee,), "")

        groups = fee_groups(
            channel_lines([way("online", 5), way("direct", 20000), way("postal", 20000)])
        )
        assert [group.names for group in groups] == ["Trực tuyến", "Trực tiếp, bưu chính"]

    @pytest.mark.parametrize("limit", [10, 50, 300])
    def test_folding_loses_nothing(self, limit: int) -> None:
        text = "Một câu dài. " * 30 + "\n- " + "không dấu cách" * 40
        head, rest = split_text(text, limit)
        assert "".join((head + rest).split()) == "".join(text.split())
        assert len(head) <= limit * 1.35

    def test_telephone_addresses(self) -> None:
        assert (tel("024 3825.0001"), tel("+84 (24) 38"), tel("")) == ("02438250001", "+842438", "")

    def test_qr_reads_back(self) -> None:
        zxingcpp = pytest.importorskip("zxingcpp")
        from PIL import Image, ImageDraw

        address = "https://mot-cua.example.vn/thu-tuc/1.004222/"
        side, path = qr_path(address)
        image = Image.new("L", (side * 8, side * 8), 255)
        draw = ImageDraw.Draw(image)
        for x, y, run in re.findall(r"M(\d+) (\d+)h(\d+)", path):
            left, top = int(x) * 8, int(y) * 8
            draw.rectangle([left, top, left + int(run) * 8 - 1, top + 7], fill=0)
        assert [found.text for found in zxingcpp.read_barcodes(image)] == [address]
