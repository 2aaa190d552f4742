"""Short ways to write a procedure down, so that the data files read like data.

Codes, names, decision numbers, times, sums and numbers of papers are facts of the national
database as it stood in July 2026; the sentences are our own. Where the source gives a number
without a unit, or leaves the sum to the province, the record says so instead of guessing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

DIRECT, ONLINE, POSTAL = "Trực tiếp", "Trực tuyến", "Dịch vụ bưu chính"
WORKING_DAYS, DAYS, HOURS = "ngày làm việc", "ngày", "giờ"
COMMUNE, PROVINCE, MINISTRY, OTHER = "Cấp xã", "Cấp tỉnh", "Cấp bộ", "Cơ quan khác"

CITIZEN = "Công dân Việt Nam"
OVERSEAS = "Người Việt Nam định cư ở nước ngoài"
FOREIGNER = "Người nước ngoài"
COMPANY = "Doanh nghiệp"
COOPERATIVE = "Hợp tác xã"
ORGANISATION = "Tổ chức (không bao gồm doanh nghiệp, HTX)"
OFFICIAL = "Cán bộ, công chức, viên chức"

#: The source leaves the sum to the province: no sum is made up.
LOCAL_FEE = "Mức thu do Hội đồng nhân dân cấp tỉnh quyết định; nguồn quốc gia không ghi số tiền."
#: The heading of the papers everybody brings, where some cases need more.
EVERY_CASE = "Mọi trường hợp"

LAWS = {
    "60/2014/QH13": "Luật Hộ tịch",
    "52/2014/QH13": "Luật Hôn nhân và gia đình",
    "91/2015/QH13": "Bộ luật Dân sự",
    "123/2015/NĐ-CP": "Nghị định quy định chi tiết Luật Hộ tịch",
    "87/2020/NĐ-CP": "Nghị định về Cơ sở dữ liệu hộ tịch điện tử, đăng ký hộ tịch trực tuyến",
    "07/2025/NĐ-CP": "Nghị định sửa đổi các nghị định về hộ tịch, quốc tịch, chứng thực",
    "120/2025/NĐ-CP": "Nghị định phân định thẩm quyền hai cấp trong lĩnh vực tư pháp",
    "18/2026/NĐ-CP": "Nghị định cắt giảm, đơn giản hoá thủ tục thuộc Bộ Tư pháp",
    "04/2020/TT-BTP": "Thông tư hướng dẫn Luật Hộ tịch",
    "10/2020/TT-BTP": "Thông tư về sổ, mẫu giấy tờ, hồ sơ nuôi con nuôi",
    "281/2016/TT-BTC": "Thông tư về phí cấp bản sao trích lục hộ tịch",
    "85/2019/TT-BTC": "Thông tư về phí, lệ phí do Hội đồng nhân dân cấp tỉnh quyết định",
    "68/2020/QH14": "Luật Cư trú",
    "154/2024/NĐ-CP": "Nghị định quy định chi tiết Luật Cư trú",
    "53/2025/TT-BCA": "Thông tư sửa đổi quy định về đăng ký cư trú và biểu mẫu",
    "66/2023/TT-BCA": "Thông tư sửa đổi quy định về đăng ký, quản lý cư trú",
    "75/2022/TT-BTC": "Thông tư về lệ phí đăng ký cư trú",
    "26/2023/QH15": "Luật Căn cước",
    "70/2024/NĐ-CP": "Nghị định quy định chi tiết Luật Căn cước",
    "17/2024/TT-BCA": "Thông tư quy định chi tiết Luật Căn cước",
    "73/2024/TT-BTC": "Thông tư về lệ phí cấp đổi, cấp lại thẻ căn cước",
    "64/2025/TT-BTC": "Thông tư giảm, miễn một số khoản phí, lệ phí",
    "49/2019/QH14": "Luật Xuất cảnh, nhập cảnh của công dân Việt Nam",
    "31/2023/TT-BCA": "Thông tư về mẫu hộ chiếu, giấy thông hành",
    "25/2021/TT-BTC": "Thông tư về phí, lệ phí xuất cảnh, nhập cảnh",
    "28/2009/QH12": "Luật Lý lịch tư pháp",
    "12/2025/TT-BCA": "Thông tư về sát hạch, cấp giấy phép lái xe",
    "37/2023/TT-BTC": "Thông tư về phí sát hạch, lệ phí cấp giấy phép lái xe",
    "23/2015/NĐ-CP": "Nghị định về cấp bản sao, chứng thực bản sao, chữ ký và giao dịch",
    "280/2025/NĐ-CP": "Nghị định sửa đổi Nghị định 23/2015/NĐ-CP",
    "226/2016/TT-BTC": "Thông tư về phí chứng thực",
    "01/2020/TT-BTP": "Thông tư hướng dẫn Nghị định 23/2015/NĐ-CP",
    "31/2024/QH15": "Luật Đất đai",
    "Nghị định 101/2024/NĐ-CP": "Nghị định về đăng ký đất đai, cấp Giấy chứng nhận",
    "151/2025/NĐ-CP": "Nghị định phân định thẩm quyền hai cấp trong lĩnh vực đất đai",
    "226/2025/NĐ-CP": "Nghị định sửa đổi các nghị định thi hành Luật Đất đai",
    "50/2014/QH13": "Luật Xây dựng",
    "62/2020/QH14": "Luật sửa đổi Luật Xây dựng",
    "175/2024/NĐ-CP": "Nghị định về quản lý hoạt động xây dựng",
    "14/2026/NĐ-CP": "Nghị định cắt giảm, đơn giản hoá thủ tục về hoạt động xây dựng",
    "165/2024/NĐ-CP": "Nghị định hướng dẫn Luật Đường bộ",
    "168/2025/NĐ-CP": "Nghị định về đăng ký doanh nghiệp",
    "68/2025/TT-BTC": "Thông tư về biểu mẫu đăng ký doanh nghiệp, hộ kinh doanh",
    "55/2010/QH12": "Luật An toàn thực phẩm",
    "155/2018/NĐ-CP": "Nghị định về điều kiện kinh doanh thuộc Bộ Y tế",
    "67/2021/TT-BTC": "Thông tư về phí trong công tác an toàn thực phẩm",
    "20/2021/NĐ-CP": "Nghị định về trợ giúp xã hội",
    "147/2025/NĐ-CP": "Nghị định phân định thẩm quyền hai cấp trong lĩnh vực y tế",
    "41/2024/QH15": "Luật Bảo hiểm xã hội",
    "51/2010/QH12": "Luật Người khuyết tật",
    "28/2012/NĐ-CP": "Nghị định hướng dẫn Luật Người khuyết tật",
    "01/2019/TT-BLĐTBXH": "Thông tư về xác định mức độ khuyết tật",
    "08/2023/TT-BLĐTBXH": "Thông tư sửa đổi giấy tờ cư trú trong lĩnh vực lao động, xã hội",
    "Quyết định số 24/2021/QĐ-TTg": "Quyết định về quy trình rà soát hộ nghèo, hộ cận nghèo",
    "Thông tư 07/2021/TT-BLĐTBXH": "Thông tư hướng dẫn rà soát hộ nghèo, hộ cận nghèo",
}


def fee(amount: int | None = None, note: str = "", *, currency: str = "VND") -> dict[str, Any]:
    """One fee; without ``amount`` only the condition is known, and nothing is called free."""
    if amount is None:
        return {"note": note}
    return {"amount": amount, "currency": currency, "currency_source": "portal_html", "note": note}


def way(
    kind: str,
    value: int | None = None,
    unit: str = "",
    *fees: dict[str, Any],
    note: str = "",
) -> dict[str, Any]:
    """One way to hand in; ``value`` without ``unit`` means that the source names no unit."""
    row: dict[str, Any] = {"channel": kind, "fees": list(fees), "note": note}
    if value is not None:
        row["time_value"] = value
        row["time_limit"] = f"{value} {unit}".strip()
        if unit:
            row["time_unit"] = unit
    return row


def everywhere(
    value: int | None = None, unit: str = "", *fees: dict[str, Any], note: str = ""
) -> list[dict[str, Any]]:
    """At the counter, online and by post, alike."""
    return [way(kind, value, unit, *fees, note=note) for kind in (DIRECT, ONLINE, POSTAL)]


def paper(
    name: str, originals: int = 1, copies: int = 0, *, form: str = "", case: str = ""
) -> dict[str, Any]:
    """One paper: how many originals and copies, its form, and the case that needs it."""
    row: dict[str, Any] = {"name": name, "originals": originals, "copies": copies}
    if form:
        row["form"] = [form]
    if case:
        row["group"] = case
    return row


def _by_case(papers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Papers of one case side by side, in the order in which the cases first appear."""
    cases: dict[str, list[dict[str, Any]]] = {}
    for row in papers:
        cases.setdefault(row.get("group", ""), []).append(row)
    if len(cases) > 1 and "" in cases:
        cases[""] = [row | {"group": EVERY_CASE} for row in cases[""]]
    return [row for rows in cases.values() for row in rows]


def procedure(
    code: str,
    name: str,
    *,
    plain: str,
    field: str,
    decision: str,
    page: str,
    levels: Iterable[str],
    audience: Iterable[str],
    issuer: str,
    agency: str,
    steps: Iterable[str],
    ways: list[dict[str, Any]],
    papers: list[dict[str, Any]],
    result: str,
    laws: Iterable[str],
    keywords: str,
    requirements: str = "",
) -> dict[str, Any]:
    """A record of the importer; ``page`` is the end of its address on the national portal."""
    return {
        "code": code,
        "name": name,
        "plain_name": plain,
        "field": field,
        "decision_number": decision,
        "level": list(levels),
        "level_source": "portal_html",
        "audience": list(audience),
        "issuing_body": issuer,
        "agency": agency,
        "steps": list(steps),
        "channels": ways,
        "documents": _by_case(papers),
        "result": result,
        "requirements": requirements,
        "legal_basis": [{"name": LAWS[number], "number": number} for number in laws],
        "keywords": [word.strip() for word in keywords.split(",")],
        "source_url": f"https://dichvucong.gov.vn/thu-tuc-hanh-chinh/{page}",
    }
