"""Hoạt động xây dựng, và lòng đường, vỉa hè."""

from __future__ import annotations

from functools import partial

from portal.demo.data.shape import (
    CITIZEN,
    COMMUNE,
    COMPANY,
    COOPERATIVE,
    FOREIGNER,
    MINISTRY,
    OFFICIAL,
    ORGANISATION,
    OTHER,
    PROVINCE,
    WORKING_DAYS,
    everywhere,
    fee,
    paper,
    procedure,
)

_build = partial(
    procedure,
    field="Hoạt động xây dựng",
    decision="1077/QĐ-BXD",
    issuer="Bộ Xây dựng",
    agency="Uỷ ban nhân dân xã, phường; ban quản lý khu công nghiệp, khu kinh tế",
    levels=[COMMUNE, OTHER],
)
_LAWS = ("50/2014/QH13", "62/2020/QH14", "175/2024/NĐ-CP", "14/2026/NĐ-CP")
_FEE = fee(note="Theo quy định của Hội đồng nhân dân cấp tỉnh; nguồn quốc gia không ghi số tiền.")
_FORM1 = "Mẫu số 1, Phụ lục II Nghị định 175/2024/NĐ-CP"
_FORM2 = "Mẫu số 2, Phụ lục II Nghị định 175/2024/NĐ-CP"
_WORKS = (
    "ông trình không theo tuyến/Theo tuyến trong đô thị/Tín ngưỡng, tôn giáo/Tượng đài, tranh "
    "hoành tráng/"
)
_STAGES = (
    "Theo giai đoạn cho công trình không theo tuyến/Theo giai đoạn cho công trình theo tuyến "
    "trong đô thị/Dự án) và nhà ở riêng lẻ"
)
_LAND_TITLE = paper("Một trong các giấy tờ hợp pháp về đất đai để cấp phép xây dựng", 1, 1)

RECORDS = [
    _build(
        "1.013225",
        f"Cấp giấy phép xây dựng mới đối với công trình cấp III, cấp IV (C{_WORKS}{_STAGES}",
        plain="Xin phép xây nhà",
        page="019d2bfe-9088-744d-aa0a-e846b6dce3d5",
        audience=[CITIZEN, COMPANY, ORGANISATION],
        steps=[
            "Xem nhà của mình có được miễn giấy phép không; nếu miễn thì chỉ báo ngày khởi công.",
            "Thuê thiết kế vẽ hai bộ bản vẽ: mặt bằng, mặt đứng, mặt cắt, móng, đấu nối hạ tầng.",
            "Nộp hồ sơ; nếu thiếu, cơ quan cấp phép báo bổ sung bằng văn bản.",
            "Cơ quan cấp phép đối chiếu quy hoạch và hỏi ý kiến khi cần.",
            "Nộp lệ phí, nhận giấy phép kèm bản vẽ đóng dấu; báo ngày khởi công trước khi xây.",
        ],
        ways=everywhere(
            10, WORKING_DAYS, _FEE, note="Nhà ở riêng lẻ: 7 ngày làm việc kể từ khi đủ hồ sơ."
        ),
        papers=[
            paper("Đơn đề nghị cấp giấy phép xây dựng", 1, 1, form=_FORM1),
            _LAND_TITLE,
            paper("Hai bộ bản vẽ thiết kế xây dựng", 1, 1),
            paper(
                "Bản cam kết bảo đảm an toàn cho công trình liền kề",
                1,
                1,
                case="Có công trình liền kề",
            ),
        ],
        result="Giấy phép xây dựng kèm bản vẽ đóng dấu",
        laws=_LAWS,
        keywords="GPXD, giấy phép xây dựng, xin phép xây nhà, xây nhà, phép xây dựng",
    ),
    _build(
        "1.013229",
        f"Cấp giấy phép xây dựng sửa chữa, cải tạo đối với công trình cấp III, cấp IV (c"
        f"{_WORKS.replace('không theo tuyến', 'Không theo tuyến')}{_STAGES}:",
        plain="Xin phép sửa nhà",
        page="019d2bfe-909c-759d-9dc9-416500074f0f",
        audience=[CITIZEN, COMPANY, ORGANISATION],
        steps=[
            "Hỏi xem việc sửa có làm đổi kết cấu chịu lực, công năng hoặc mặt ngoài giáp đường "
            "không; nếu không thì có thể được miễn phép.",
            "Chuẩn bị bản vẽ và ảnh hiện trạng phần định sửa.",
            "Nộp hồ sơ và theo dõi thông báo bổ sung, nếu có.",
            "Nộp lệ phí và nhận giấy phép.",
        ],
        ways=everywhere(10, WORKING_DAYS, _FEE, note="Nhà ở riêng lẻ: 7 ngày."),
        papers=[
            paper("Đơn đề nghị cấp giấy phép sửa chữa, cải tạo công trình", 1, 1, form=_FORM1),
            paper("Bản vẽ hiện trạng phần sửa chữa, cải tạo", 1, 1),
            paper("Hai bộ bản vẽ thiết kế xây dựng", 1, 1),
            _LAND_TITLE,
        ],
        result="Giấy phép xây dựng sửa chữa, cải tạo kèm bản vẽ đóng dấu",
        laws=_LAWS,
        keywords="sửa nhà, cải tạo nhà, nâng tầng, cơi nới",
    ),
    _build(
        "1.013227",
        f"Gia hạn giấy phép xây dựng đối với công trình cấp III, cấp IV (c"
        f"{_WORKS.replace('không theo tuyến', 'Không theo tuyến')}Sửa chữa, cải tạo/{_STAGES}",
        plain="Gia hạn phép xây nhà",
        page="019d2bfe-9097-700f-899f-6dfc532f0e6b",
        audience=[CITIZEN, COMPANY, COOPERATIVE, OFFICIAL, ORGANISATION],
        steps=[
            "Xem ngày hết hạn: giấy phép có giá trị khởi công trong 12 tháng.",
            "Trước khi hết hạn, nộp đơn kèm bản chính giấy phép.",
            "Cơ quan cấp phép ghi gia hạn; được gia hạn tối đa hai lần, mỗi lần 12 tháng.",
        ],
        ways=everywhere(5, WORKING_DAYS, _FEE),
        papers=[
            paper("Đơn đề nghị gia hạn giấy phép xây dựng", form=_FORM2),
            paper("Bản chính giấy phép xây dựng đã cấp"),
        ],
        result="Giấy phép xây dựng được gia hạn",
        laws=_LAWS,
        keywords="gia hạn GPXD, giấy phép xây dựng hết hạn, chưa khởi công",
    ),
    procedure(
        "1.013274",
        "Cấp phép sử dụng tạm thời lòng đường, vỉa hè vào mục đích khác",
        plain="Xin dựng rạp, dùng vỉa hè tạm thời",
        field="Đường bộ",
        decision="1139/QĐ-BXD",
        issuer="Bộ Xây dựng",
        agency="Khu Quản lý đường bộ, Sở Xây dựng, Uỷ ban nhân dân cấp xã",
        page="019d2bfe-90a2-7673-a2f5-9ba3da842499",
        levels=[MINISTRY, PROVINCE, COMMUNE],
        audience=[CITIZEN, COMPANY, COOPERATIVE, ORGANISATION, FOREIGNER],
        steps=[
            "Vẽ sơ đồ chỗ dùng, ghi rõ thời gian và cách giữ lối đi.",
            "Nộp đơn kèm phương án tổ chức giao thông cho cơ quan quản lý tuyến đường.",
            "Cơ quan quản lý kiểm tra và trả lời bằng văn bản.",
            "Dùng đúng giờ, đúng chỗ; xong thì dọn sạch và trả lại mặt bằng.",
        ],
        ways=everywhere(
            3,
            WORKING_DAYS,
            note="Đám tang: 01 ngày. Các trường hợp khác: 03 ngày làm việc. Nguồn không nêu phí.",
        ),
        papers=[
            paper("Văn bản đề nghị cấp phép", form="Mẫu số 1 (Nghị định 165/2024/NĐ-CP)"),
            paper("Phương án sử dụng và phương án tổ chức giao thông", 1, 1),
        ],
        result="Văn bản cấp phép sử dụng tạm thời lòng đường, vỉa hè",
        laws=("165/2024/NĐ-CP",),
        keywords="dựng rạp, đám cưới, đám tang, vỉa hè, lòng đường, bán hàng vỉa hè",
    ),
]
