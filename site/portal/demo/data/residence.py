"""Đăng ký, quản lý cư trú."""

from __future__ import annotations

from functools import partial

from portal.demo.data.shape import (
    CITIZEN,
    COMMUNE,
    COMPANY,
    COOPERATIVE,
    DIRECT,
    HOURS,
    OFFICIAL,
    ONLINE,
    ORGANISATION,
    OVERSEAS,
    WORKING_DAYS,
    fee,
    paper,
    procedure,
    way,
)

_residence = partial(
    procedure,
    field="Đăng ký, quản lý cư trú",
    issuer="Bộ Công an",
    agency="Công an cấp xã",
    levels=[COMMUNE],
)
_CT01 = paper(
    "Tờ khai thay đổi thông tin cư trú, có ý kiến đồng ý của chủ hộ, chủ nhà nếu cần",
    form="Mẫu CT01 (Thông tư 53/2025/TT-BCA)",
)
_LAWS = ("68/2020/QH14", "53/2025/TT-BCA", "66/2023/TT-BCA")
_EXEMPT = fee(
    note="Người thuộc diện miễn theo Điều 4 Thông tư 75/2022/TT-BTC xuất trình giấy tờ chứng "
    "minh, trừ khi thông tin đã có trong cơ sở dữ liệu."
)

RECORDS = [
    _residence(
        "1.004222",
        "Đăng ký thường trú",
        plain="Nhập hộ khẩu",
        decision="1523/QĐ-BCA-C06",
        page="019d2bf7-7704-7449-9e95-fe7ebb959aa2",
        audience=[OVERSEAS, CITIZEN],
        steps=[
            "Chọn đúng trường hợp: nhà của mình, về ở với người thân, hay thuê, mượn, ở nhờ.",
            "Khai trên Cổng dịch vụ công hoặc VNeID, hoặc nộp tại Công an cấp xã nơi đến ở.",
            "Nhận phiếu tiếp nhận và hẹn trả; thiếu giấy tờ thì được hướng dẫn một lần.",
            "Công an kiểm tra chỗ ở và cập nhật Cơ sở dữ liệu về cư trú.",
            "Nhận thông báo kết quả; không còn cấp sổ hộ khẩu giấy.",
        ],
        ways=[
            way(
                DIRECT,
                7,
                WORKING_DAYS,
                fee(20000, "Nộp trực tiếp: 20.000 đồng mỗi lần đăng ký."),
                _EXEMPT,
            ),
            way(
                ONLINE,
                7,
                WORKING_DAYS,
                fee(10000, "Nộp qua cổng dịch vụ công: 10.000 đồng mỗi lần đăng ký."),
            ),
        ],
        papers=[
            _CT01,
            paper(
                "Giấy tờ chứng minh chỗ ở hợp pháp, nếu cơ quan chưa tra cứu được",
                case="Nhà ở của mình",
            ),
            paper(
                "Giấy tờ chứng minh quan hệ với chủ hộ, nếu cơ quan chưa tra cứu được",
                case="Về ở với vợ, chồng, cha mẹ, con hoặc người thân",
            ),
            paper(
                "Hợp đồng hoặc văn bản thuê, mượn, ở nhờ và ý kiến đồng ý của chủ nhà",
                case="Chỗ ở thuê, mượn, ở nhờ",
            ),
        ],
        result="Thông báo kết quả giải quyết thủ tục về cư trú; thông tin được cập nhật vào "
        "Cơ sở dữ liệu về cư trú",
        laws=(*_LAWS, "154/2024/NĐ-CP", "75/2022/TT-BTC"),
        keywords="nhập hộ khẩu, nhập khẩu, đăng ký hộ khẩu, sổ hộ khẩu, thường trú",
    ),
    _residence(
        "1.004194",
        "Đăng ký tạm trú",
        plain="Đăng ký ở trọ",
        decision="9354/QĐ-BCA-C06",
        page="019d2bf7-770b-734d-b7fb-5e1995f194f4",
        audience=[CITIZEN, ORGANISATION, COMPANY, COOPERATIVE],
        steps=[
            "Người ở trọ hoặc chủ nhà trọ điền mẫu CT01; ở theo nhóm thì lập danh sách.",
            "Nộp trực tuyến hoặc tại Công an cấp xã nơi tạm trú.",
            "Công an kiểm tra chỗ ở và ghi thông tin tạm trú.",
            "Nhận thông báo; gia hạn trong 15 ngày trước khi hết thời hạn tạm trú.",
        ],
        ways=[
            way(
                DIRECT,
                3,
                WORKING_DAYS,
                fee(15000, "Cá nhân, hộ gia đình: 15.000 đồng mỗi lần đăng ký."),
                fee(10000, "Theo danh sách: 10.000 đồng mỗi người, mỗi lần đăng ký."),
                _EXEMPT,
            ),
            way(
                ONLINE,
                3,
                WORKING_DAYS,
                fee(7000, "Cá nhân, hộ gia đình: 7.000 đồng mỗi lần đăng ký."),
                fee(5000, "Theo danh sách: 5.000 đồng mỗi người, mỗi lần đăng ký."),
                _EXEMPT,
            ),
        ],
        papers=[
            _CT01,
            paper("Giấy tờ chứng minh chỗ ở hợp pháp, nếu cơ quan chưa tra cứu được"),
            paper(
                "Văn bản đề nghị kèm danh sách người tạm trú",
                1,
                1,
                case="Đăng ký theo danh sách",
            ),
        ],
        result="Thông báo kết quả giải quyết thủ tục về cư trú",
        laws=(*_LAWS, "154/2024/NĐ-CP", "75/2022/TT-BTC"),
        keywords="ở trọ, thuê trọ, KT3, giấy tạm trú, tạm trú",
        requirements="Sinh sống tại chỗ ở hợp pháp ngoài nơi thường trú từ 30 ngày trở lên.",
    ),
    _residence(
        "1.003197",
        "Xóa đăng ký thường trú",
        plain="Cắt hộ khẩu",
        decision="1523/QĐ-BCA-C06",
        page="019d2bf7-6f18-72e5-974d-ed6803c7178a",
        audience=[CITIZEN, ORGANISATION, OFFICIAL],
        steps=[
            "Người thuộc diện xoá, hoặc đại diện hộ, điền mẫu CT01 và nêu lý do.",
            "Nộp qua cổng dịch vụ công hoặc ứng dụng VNeID.",
            "Công an cấp xã kiểm tra lý do trong cơ sở dữ liệu.",
            "Nhận thông báo đã xoá đăng ký thường trú.",
        ],
        ways=[way(ONLINE, 5, WORKING_DAYS, note="Nguồn không nêu phí, lệ phí.")],
        papers=[
            _CT01,
            paper("Giấy tờ chứng minh thuộc trường hợp xoá, nếu cơ quan chưa tra cứu được"),
        ],
        result="Thông báo kết quả giải quyết thủ tục về cư trú",
        laws=(*_LAWS, "154/2024/NĐ-CP"),
        keywords="cắt hộ khẩu, cắt khẩu, xoá hộ khẩu, xoá khẩu người chết",
    ),
    _residence(
        "1.010038",
        "Tách hộ",
        plain="Tách hộ khẩu",
        decision="9354/QĐ-BCA-C06",
        page="019d2bf7-7f1e-71e3-be3e-7f22dce4ac4d",
        audience=[CITIZEN, ORGANISATION, COOPERATIVE],
        steps=[
            "Thoả thuận với chủ hộ và chủ nhà; ý kiến đồng ý ghi ngay trên mẫu CT01.",
            "Nộp trực tuyến hoặc tại Công an cấp xã.",
            "Công an kiểm tra điều kiện tách hộ.",
            "Nhận thông báo; cơ sở dữ liệu ghi hộ mới và chủ hộ mới.",
        ],
        ways=[
            way(DIRECT, 5, WORKING_DAYS, fee(10000, "Mỗi lần đăng ký."), _EXEMPT),
            way(ONLINE, 5, WORKING_DAYS, fee(5000, "Mỗi lần đăng ký."), _EXEMPT),
        ],
        papers=[
            _CT01,
            paper(
                "Giấy tờ chứng minh đã ly hôn và vẫn được ở tại chỗ ở đó",
                case="Vợ chồng đã ly hôn cùng sử dụng một chỗ ở",
            ),
        ],
        result="Thông báo kết quả giải quyết thủ tục về cư trú",
        laws=(*_LAWS, "75/2022/TT-BTC"),
        keywords="tách khẩu, tách hộ khẩu, ra riêng",
    ),
    _residence(
        "1.010041",
        "Xác nhận thông tin về cư trú",
        plain="Giấy xác nhận cư trú (CT07)",
        decision="9354/QĐ-BCA-C06",
        page="019d2bf7-7f19-762d-be5e-741f71796016",
        audience=[CITIZEN, COMPANY, ORGANISATION, COOPERATIVE, OFFICIAL],
        steps=[
            "Ghi trên mẫu CT01 nội dung cần xác nhận.",
            "Nộp trực tuyến cho Công an cấp xã.",
            "Công an tra Cơ sở dữ liệu về cư trú; thông tin chưa có thì phải xác minh.",
            "Nhận giấy xác nhận mẫu CT07, bản giấy hoặc bản điện tử.",
        ],
        ways=[
            way(
                ONLINE,
                1,
                WORKING_DAYS,
                note="Khi thông tin đã có trong cơ sở dữ liệu. Nguồn ghi mức thu 0, không kèm "
                "điều kiện.",
            ),
            way(ONLINE, 3, WORKING_DAYS, note="Khi thông tin phải xác minh."),
        ],
        papers=[_CT01],
        result="Xác nhận thông tin về cư trú (mẫu CT07)",
        laws=_LAWS,
        keywords="CT07, giấy xác nhận cư trú, xác nhận hộ khẩu, xác nhận nơi ở",
    ),
    _residence(
        "2.001159",
        "Thông báo lưu trú",
        plain="Báo có khách ngủ lại",
        decision="9354/QĐ-BCA-C06",
        page="019d2bf7-adb7-7329-8d7c-db89ef073ced",
        audience=[CITIZEN, COMPANY, ORGANISATION, COOPERATIVE, OFFICIAL],
        steps=[
            "Khách đến thì chủ nhà, khách sạn, bệnh viện hỏi họ tên và số căn cước.",
            "Báo cho Công an cấp xã trước 23 giờ: qua VNeID, điện thoại hoặc trực tiếp; khách đến "
            "sau 23 giờ thì báo trước 8 giờ sáng hôm sau.",
            "Công an ghi vào Cơ sở dữ liệu về cư trú; người báo không phải chờ giấy tờ.",
        ],
        ways=[way(DIRECT, 1, HOURS), way(ONLINE, 1, HOURS, note="VNeID, cổng dịch vụ công.")],
        papers=[paper("Thông tin của khách: họ tên, số định danh cá nhân, thời gian lưu trú")],
        result="Thông tin lưu trú được ghi vào Cơ sở dữ liệu về cư trú",
        laws=_LAWS,
        keywords="khai báo lưu trú, khách ở lại, khách sạn báo khách, tạm trú qua đêm",
    ),
]
