"""Bảo trợ xã hội và giảm nghèo."""

from __future__ import annotations

from functools import partial

from portal.demo.data.shape import (
    CITIZEN,
    COMMUNE,
    DAYS,
    DIRECT,
    OFFICIAL,
    ORGANISATION,
    POSTAL,
    WORKING_DAYS,
    everywhere,
    paper,
    procedure,
    way,
)

_welfare = partial(
    procedure,
    field="Bảo trợ xã hội",
    issuer="Bộ Y tế",
    agency="Uỷ ban nhân dân xã, phường",
    levels=[COMMUNE],
)
_SUPPORT = ("20/2021/NĐ-CP", "147/2025/NĐ-CP")
_DISABLED = ("51/2010/QH12", "28/2012/NĐ-CP", "01/2019/TT-BLĐTBXH", "08/2023/TT-BLĐTBXH")
_NO_FEE_NAMED = "Nguồn không nêu phí, lệ phí."
_ZERO_NAMED = "Nguồn ghi mức thu 0, không kèm điều kiện."

RECORDS = [
    _welfare(
        "1.014027",
        "Thực hiện, điều chỉnh, thôi hưởng trợ cấp hưu trí xã hội",
        plain="Tiền hằng tháng cho người cao tuổi không có lương hưu",
        decision="2180/QĐ-BYT",
        page="019d2bff-2d80-74d8-8515-90f6f61822f0",
        audience=[CITIZEN],
        steps=[
            "Người cao tuổi hoặc người thân điền văn bản đề nghị.",
            "Nộp tại Uỷ ban nhân dân xã, phường nơi cư trú hoặc trực tuyến.",
            "Cấp xã đối chiếu tuổi và việc hưởng lương hưu, bảo hiểm xã hội.",
            "Nhận quyết định; tiền trả hằng tháng qua tài khoản hoặc điểm chi trả.",
        ],
        ways=everywhere(10, WORKING_DAYS, note=_NO_FEE_NAMED),
        papers=[
            paper(
                "Văn bản đề nghị hưởng trợ cấp hưu trí xã hội",
                form="Mẫu số 01 (Nghị định 176/2025/NĐ-CP)",
            )
        ],
        result="Quyết định trợ cấp, điều chỉnh hoặc thôi hưởng trợ cấp hưu trí xã hội",
        laws=("41/2024/QH15",),
        keywords="tiền người già, trợ cấp người cao tuổi, hưu trí xã hội, trợ cấp 75 tuổi",
        requirements="Từ đủ 75 tuổi (hộ nghèo, hộ cận nghèo từ đủ 70 tuổi), không hưởng lương "
        "hưu hoặc trợ cấp bảo hiểm xã hội hằng tháng.",
    ),
    _welfare(
        "1.001776",
        "Thực hiện, điều chỉnh, thôi hưởng trợ cấp xã hội hàng tháng, hỗ trợ kinh phí chăm sóc, "
        "nuôi dưỡng hàng tháng",
        plain="Trợ cấp xã hội hằng tháng",
        decision="2072/QĐ-BYT",
        page="019d2bfe-b7e6-740b-9573-24f800e8664d",
        audience=[CITIZEN],
        steps=[
            "Xem mình thuộc nhóm nào: trẻ mồ côi, người khuyết tật, người đơn thân nuôi con…",
            "Điền đúng mẫu tờ khai của nhóm và nộp tại cấp xã hoặc trực tuyến.",
            "Cấp xã xét duyệt và niêm yết danh sách.",
            "Nhận quyết định; trợ cấp tính từ tháng ghi trong quyết định.",
        ],
        ways=everywhere(10, WORKING_DAYS, note=_NO_FEE_NAMED),
        papers=[
            paper(
                "Tờ khai của đối tượng",
                form="Mẫu 1a, 1b, 1c, 1d, 1đ (Nghị định 20/2021/NĐ-CP)",
                case="Đề nghị trợ cấp xã hội",
            ),
            paper("Giấy xác nhận khuyết tật (xuất trình)", case="Người khuyết tật"),
            paper("Giấy khai sinh của trẻ (xuất trình)", case="Trẻ em, người đơn thân nuôi con"),
            paper(
                "Tờ khai nhận chăm sóc, nuôi dưỡng",
                form="Mẫu 2b (Nghị định 20/2021/NĐ-CP)",
                case="Nhận chăm sóc, nuôi dưỡng người khác",
            ),
        ],
        result="Quyết định trợ cấp xã hội, hỗ trợ kinh phí chăm sóc, nuôi dưỡng; hoặc quyết định "
        "điều chỉnh, thôi hưởng",
        laws=_SUPPORT,
        keywords="trợ cấp khuyết tật, trẻ mồ côi, mẹ đơn thân, tiền bảo trợ",
    ),
    _welfare(
        "1.001731",
        "Hỗ trợ chi phí mai táng cho đối tượng bảo trợ xã hội",
        plain="Tiền mai táng",
        decision="2072/QĐ-BYT",
        page="019d2bfe-b7dd-7239-b166-b6cd79d326b8",
        audience=[CITIZEN, ORGANISATION],
        steps=[
            "Làm khai tử trước để có trích lục.",
            "Người lo mai táng điền tờ khai, nộp tại cấp xã.",
            "Cấp xã kiểm tra người mất có thuộc diện bảo trợ.",
            "Nhận quyết định và tiền hỗ trợ.",
        ],
        ways=everywhere(3, WORKING_DAYS, note=_NO_FEE_NAMED),
        papers=[
            paper(
                "Tờ khai đề nghị hỗ trợ chi phí mai táng", form="Tờ khai đề nghị hỗ trợ mai táng"
            ),
            paper("Bản sao giấy chứng tử hoặc trích lục khai tử", 0, 1),
            paper(
                "Bản sao quyết định thôi hưởng trợ cấp",
                0,
                1,
                case="Người từ đủ 80 tuổi đang hưởng trợ cấp bảo hiểm xã hội hoặc trợ cấp khác",
            ),
        ],
        result="Quyết định hỗ trợ chi phí mai táng",
        laws=_SUPPORT,
        keywords="mai táng phí, tiền tử tuất, hỗ trợ đám tang",
    ),
    _welfare(
        "1.014028",
        "Hỗ trợ chi phí mai táng đối với đối tượng hưởng trợ cấp hưu trí xã hội",
        plain="Tiền mai táng cho người hưởng hưu trí xã hội",
        decision="2180/QĐ-BYT",
        page="019d2bff-3508-7268-b54b-6ce79a8cbf0e",
        audience=[CITIZEN, ORGANISATION, OFFICIAL],
        steps=[
            "Người lo mai táng điền tờ khai.",
            "Nộp tại Uỷ ban nhân dân xã, phường nơi người mất hưởng trợ cấp.",
            "Cấp xã đối chiếu thông tin khai tử.",
            "Nhận quyết định và tiền hỗ trợ.",
        ],
        ways=everywhere(3, WORKING_DAYS, note=_ZERO_NAMED),
        papers=[
            paper(
                "Tờ khai đề nghị hỗ trợ chi phí mai táng",
                form="Mẫu số 02 (Nghị định 176/2025/NĐ-CP)",
            )
        ],
        result="Quyết định hỗ trợ chi phí mai táng",
        laws=("41/2024/QH15",),
        keywords="mai táng phí người già, hỗ trợ mai táng hưu trí xã hội",
    ),
    _welfare(
        "1.001699",
        "Xác định, xác định lại mức độ khuyết tật và cấp Giấy xác nhận khuyết tật",
        plain="Giấy xác nhận khuyết tật",
        decision="970/QĐ-BYT",
        page="019d2bfe-b7cd-76e9-b909-bcf437629cb8",
        audience=[CITIZEN],
        steps=[
            "Điền đơn, kèm giấy tờ khám chữa bệnh nếu có.",
            "Nộp tại Uỷ ban nhân dân xã, phường nơi cư trú.",
            "Hội đồng xác định mức độ khuyết tật gặp, quan sát và phỏng vấn.",
            "Kết quả được niêm yết, rồi cấp Giấy xác nhận khuyết tật.",
        ],
        ways=everywhere(25, WORKING_DAYS, note=_ZERO_NAMED),
        papers=[
            paper("Đơn đề nghị", form="Mẫu số 01 (Thông tư 01/2019/TT-BLĐTBXH)"),
            paper("Bản sao bệnh án, giấy khám, điều trị, phẫu thuật, nếu có", 0, 1),
            paper(
                "Bản sao kết luận của Hội đồng giám định y khoa",
                0,
                1,
                case="Đã có kết luận giám định y khoa",
            ),
        ],
        result="Giấy xác nhận khuyết tật",
        laws=_DISABLED,
        keywords="giấy khuyết tật, xác nhận người khuyết tật, thương tật",
    ),
    _welfare(
        "1.001653",
        "Đổi, cấp lại Giấy xác nhận khuyết tật",
        plain="Mất, đổi giấy khuyết tật",
        decision="970/QĐ-BYT",
        page="019d2bfe-b7ab-731d-844a-5e232b77afef",
        audience=[CITIZEN],
        steps=[
            "Điền đơn và ghi lý do: mất, hỏng hay sai thông tin.",
            "Nộp tại Uỷ ban nhân dân xã, phường nơi cư trú.",
            "Cấp xã xem hồ sơ đang lưu và cấp giấy mới.",
        ],
        ways=everywhere(5, WORKING_DAYS, note=_NO_FEE_NAMED),
        papers=[
            paper(
                "Đơn đề nghị cấp đổi, cấp lại Giấy xác nhận khuyết tật",
                form="Mẫu số 01 (Thông tư 01/2019/TT-BLĐTBXH)",
            )
        ],
        result="Giấy xác nhận khuyết tật",
        laws=_DISABLED,
        keywords="mất giấy khuyết tật, đổi giấy khuyết tật",
    ),
    procedure(
        "1.011607",
        "Công nhận hộ nghèo, hộ cận nghèo thường xuyên hằng năm",
        plain="Xin xét hộ nghèo, hộ cận nghèo",
        field="Giảm nghèo",
        decision="967/QĐ-BNNMT",
        issuer="Bộ Nông nghiệp và Môi trường",
        agency="Uỷ ban nhân dân xã, phường",
        page="019d2bfa-6008-72cb-9e63-83483f3a6e49",
        levels=[COMMUNE],
        audience=[CITIZEN],
        steps=[
            "Hộ gia đình điền giấy đề nghị rà soát.",
            "Nộp tại Uỷ ban nhân dân xã, phường hoặc gửi bưu chính.",
            "Tổ rà soát đến nhà, hỏi thu nhập và các dịch vụ còn thiếu.",
            "Họp dân lấy ý kiến và niêm yết kết quả.",
            "Nhận quyết định công nhận, hoặc văn bản nói rõ lý do không được công nhận.",
        ],
        ways=[way(DIRECT, 15, DAYS, note=_ZERO_NAMED), way(POSTAL, 15, DAYS, note=_ZERO_NAMED)],
        papers=[
            paper(
                "Giấy đề nghị rà soát hộ nghèo, hộ cận nghèo",
                form="Mẫu số 01 (Quyết định 24/2021/QĐ-TTg)",
            )
        ],
        result="Quyết định công nhận danh sách hộ nghèo, hộ cận nghèo",
        laws=("Quyết định số 24/2021/QĐ-TTg", "Thông tư 07/2021/TT-BLĐTBXH"),
        keywords="sổ hộ nghèo, hộ cận nghèo, xét hộ nghèo",
    ),
]
