"""Hộ kinh doanh và an toàn thực phẩm."""

from __future__ import annotations

from functools import partial

from portal.demo.data.shape import (
    CITIZEN,
    COMMUNE,
    COMPANY,
    COOPERATIVE,
    DIRECT,
    LOCAL_FEE,
    MINISTRY,
    ONLINE,
    ORGANISATION,
    POSTAL,
    PROVINCE,
    WORKING_DAYS,
    everywhere,
    fee,
    paper,
    procedure,
    way,
)

_household = partial(
    procedure,
    field="Thành lập và hoạt động doanh nghiệp (hộ kinh doanh)",
    decision="2353/QĐ-BTC",
    issuer="Bộ Tài chính",
    agency="Cơ quan đăng ký kinh doanh cấp xã",
    levels=[MINISTRY, COMMUNE],
    audience=[CITIZEN, ORGANISATION],
)
_LAWS = ("168/2025/NĐ-CP", "68/2025/TT-BTC", "85/2019/TT-BTC")
_NO_UNIT = "Nguồn chỉ ghi con số, không ghi đơn vị thời gian."
_MANDATE = paper(
    "Văn bản uỷ quyền kèm giấy tờ của người được uỷ quyền", 0, 1, case="Nhờ người khác làm thay"
)
_PROVINCE_SUM = (
    "Mức cụ thể do Hội đồng nhân dân cấp tỉnh quyết định (Thông tư 85/2019/TT-BTC); nộp khi nộp "
    "hồ sơ, không hoàn lại."
)

RECORDS = [
    _household(
        "1.001612",
        "Đăng ký thành lập hộ kinh doanh",
        plain="Mở quán, mở cửa hàng (hộ kinh doanh)",
        page="019d2bfb-d76d-737f-81b9-69258b07240b",
        steps=[
            "Đặt tên hộ, ghi ngành nghề, địa chỉ và vốn kinh doanh.",
            "Nộp giấy đề nghị và lệ phí tại quầy, qua bưu chính hoặc trực tuyến.",
            "Cơ quan đăng ký kinh doanh kiểm tra; thiếu thì gửi thông báo bằng văn bản.",
            "Nhận Giấy chứng nhận; mã số hộ kinh doanh cũng là mã số thuế.",
        ],
        ways=[
            way(DIRECT, None, "", fee(50000, _PROVINCE_SUM), note="Nguồn không ghi thời hạn."),
            way(ONLINE, None, "", fee(150000, _PROVINCE_SUM), note="Nguồn không ghi thời hạn."),
            way(POSTAL, None, "", fee(150000, _PROVINCE_SUM), note="Nguồn không ghi thời hạn."),
        ],
        papers=[
            paper(
                "Giấy đề nghị đăng ký hộ kinh doanh",
                form="Giấy đề nghị đăng ký hộ kinh doanh (Thông tư 68/2025/TT-BTC)",
            ),
            paper(
                "Văn bản các thành viên uỷ quyền cho một người làm chủ hộ",
                0,
                1,
                case="Hộ gia đình cùng kinh doanh",
            ),
            _MANDATE,
        ],
        result="Giấy chứng nhận đăng ký hộ kinh doanh",
        laws=_LAWS,
        keywords="HKD, mở quán, mở tiệm, giấy phép kinh doanh, đăng ký kinh doanh cá thể",
        requirements="Chủ hộ từ đủ 18 tuổi, có năng lực hành vi dân sự; ngành nghề không bị cấm.",
    ),
    _household(
        "2.000720",
        "Đăng ký thay đổi nội dung đăng ký hộ kinh doanh",
        plain="Đổi tên, địa chỉ, ngành nghề hộ kinh doanh",
        page="019d2bfc-d9ca-768c-a8f4-cc0dff5f41ed",
        steps=[
            "Ghi nội dung cần đổi trên giấy đề nghị.",
            "Nộp trong 10 ngày kể từ khi có thay đổi.",
            "Cơ quan đăng ký kinh doanh cập nhật cơ sở dữ liệu.",
            "Nhận Giấy chứng nhận mới nếu thay đổi làm đổi nội dung trên giấy.",
        ],
        ways=everywhere(1, "", fee(note=LOCAL_FEE), note=_NO_UNIT),
        papers=[
            paper("Giấy đề nghị đăng ký thay đổi nội dung đăng ký hộ kinh doanh"),
            paper("Văn bản uỷ quyền cho chủ hộ mới", 0, 1, case="Đổi chủ hộ kinh doanh"),
            _MANDATE,
        ],
        result="Giấy chứng nhận đăng ký hộ kinh doanh đã cập nhật",
        laws=_LAWS,
        keywords="đổi địa chỉ quán, đổi ngành nghề, đổi chủ hộ kinh doanh",
    ),
    _household(
        "1.001570",
        "Tạm ngừng kinh doanh, tiếp tục kinh doanh trước thời hạn đã thông báo của hộ kinh doanh",
        plain="Tạm đóng quán, mở lại sớm",
        page="019d2bfb-d768-7446-bd77-3bb11051041c",
        steps=[
            "Chọn thời gian tạm ngừng và báo trước ít nhất 03 ngày làm việc.",
            "Nộp giấy đề nghị.",
            "Nhận giấy xác nhận; thông tin chuyển sang cơ quan thuế.",
        ],
        ways=everywhere(
            1,
            "",
            fee(note="Mức lệ phí (nếu có) theo quy định của Hội đồng nhân dân cấp tỉnh."),
            note=_NO_UNIT,
        ),
        papers=[
            paper("Giấy đề nghị tạm ngừng hoặc tiếp tục kinh doanh trước thời hạn"),
            _MANDATE,
        ],
        result="Giấy xác nhận tạm ngừng, hoặc tiếp tục kinh doanh trước thời hạn",
        laws=_LAWS,
        keywords="tạm nghỉ bán, tạm ngừng kinh doanh, mở lại quán",
    ),
    _household(
        "1.001266",
        "Chấm dứt hoạt động hộ kinh doanh",
        plain="Nghỉ bán, trả giấy phép kinh doanh",
        page="019d2bfb-d748-72d1-848f-3607bc86e647",
        steps=[
            "Hoàn thành nghĩa vụ thuế và các khoản nợ trước.",
            "Nộp thông báo chấm dứt hoạt động.",
            "Cơ quan đăng ký kinh doanh đối chiếu với cơ quan thuế.",
            "Hộ kinh doanh được ghi là đã chấm dứt hoạt động.",
        ],
        ways=everywhere(
            1,
            "",
            fee(note="Mức lệ phí (nếu có) theo quy định của Hội đồng nhân dân cấp tỉnh."),
            note=_NO_UNIT,
        ),
        papers=[
            paper("Thông báo chấm dứt hoạt động hộ kinh doanh"),
            paper(
                "Văn bản uỷ quyền kèm giấy tờ của người được uỷ quyền",
                case="Nhờ người khác làm thay",
            ),
        ],
        result="Hộ kinh doanh được ghi là đã chấm dứt hoạt động trong cơ sở dữ liệu",
        laws=_LAWS,
        keywords="đóng cửa hàng, nghỉ kinh doanh, giải thể hộ kinh doanh",
    ),
    procedure(
        "1.013855",
        "Cấp giấy chứng nhận cơ sở đủ điều kiện an toàn thực phẩm đối với cơ sở kinh doanh dịch "
        "vụ ăn uống, cơ sở sản xuất thực phẩm thuộc phạm vi quản lý của Bộ Y tế",
        plain="Giấy an toàn thực phẩm cho quán ăn",
        field="An toàn thực phẩm",
        decision="2495/QĐ-BYT",
        issuer="Bộ Y tế",
        agency="Cơ quan quản lý an toàn thực phẩm được phân công tại địa phương",
        page="019d2bff-2d33-76fe-bd90-4f37b18e4401",
        levels=[PROVINCE, COMMUNE],
        audience=[CITIZEN, COMPANY, COOPERATIVE, ORGANISATION],
        steps=[
            "Sắp xếp bếp một chiều, khám sức khoẻ và tập huấn cho người chế biến.",
            "Nộp đơn và hồ sơ về cơ sở vật chất.",
            "Đoàn thẩm định xuống kiểm tra tại chỗ và lập biên bản.",
            "Đạt thì nhận Giấy chứng nhận; chưa đạt thì khắc phục và báo lại.",
        ],
        ways=everywhere(
            20,
            WORKING_DAYS,
            fee(250000, "Cơ sở sản xuất nhỏ lẻ, mỗi lần, mỗi cơ sở."),
            fee(350000, "Dịch vụ ăn uống dưới 200 suất, mỗi lần, mỗi cơ sở."),
            fee(500000, "Dịch vụ ăn uống từ 200 suất; hoặc cơ sở kinh doanh thực phẩm."),
            fee(1250000, "Cơ sở sản xuất khác, kể cả vừa sản xuất vừa kinh doanh."),
        ),
        papers=[
            paper(
                "Đơn đề nghị cấp Giấy chứng nhận, kèm thuyết minh cơ sở vật chất và giấy khám "
                "sức khoẻ",
                1,
                1,
                form="Mẫu số 1, Phụ lục I Nghị định 155/2018/NĐ-CP",
            )
        ],
        result="Giấy chứng nhận cơ sở đủ điều kiện an toàn thực phẩm",
        laws=("55/2010/QH12", "155/2018/NĐ-CP", "67/2021/TT-BTC"),
        keywords="ATTP, vệ sinh an toàn thực phẩm, giấy phép quán ăn, mở nhà hàng",
    ),
]
