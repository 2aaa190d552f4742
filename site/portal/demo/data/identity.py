"""Căn cước, hộ chiếu và lý lịch tư pháp."""

from __future__ import annotations

from functools import partial

from portal.demo.data.shape import (
    CITIZEN,
    COMMUNE,
    DAYS,
    DIRECT,
    FOREIGNER,
    ONLINE,
    OVERSEAS,
    POSTAL,
    PROVINCE,
    WORKING_DAYS,
    everywhere,
    fee,
    paper,
    procedure,
    way,
)

_card = partial(
    procedure,
    field="Cấp, quản lý căn cước",
    decision="5710/QĐ-BCA-C06",
    issuer="Bộ Công an",
    agency="Công an cấp xã",
    levels=[COMMUNE],
    audience=[CITIZEN],
    result="Thẻ căn cước",
)
_DC02 = paper(
    "Phiếu đề nghị giải quyết thủ tục về căn cước", form="Mẫu DC02 (Thông tư 17/2024/TT-BCA)"
)
_CC01 = paper(
    "Phiếu thu nhận thông tin căn cước: công chức in ra, người dân kiểm tra và ký",
    form="Phiếu CC01",
)
_CHILD = paper(
    "Giấy tờ chứng minh là người đại diện hợp pháp", case="Người được cấp thẻ dưới 14 tuổi"
)
_LAWS = ("26/2023/QH15", "70/2024/NĐ-CP", "17/2024/TT-BCA", "53/2025/TT-BCA")
_HALF = "Từ 01/7/2025 đến hết 31/12/2026 thu bằng 50% mức này (Thông tư 64/2025/TT-BTC)."
_OLD_PASSPORT_FEE = fee(
    160000,
    "Nguồn ghi mức này áp dụng đến hết 31/12/2023 (Thông tư 44/2023/TT-BTC): hãy hỏi mức hiện "
    "hành.",
)

RECORDS = [
    _card(
        "1.014061",
        "Cấp thẻ căn cước cho người từ đủ 14 tuổi trở lên",
        plain="Làm căn cước lần đầu",
        page="019d2bf7-9e11-77ef-bf03-ae190acb0be3",
        steps=[
            "Đến Công an cấp xã bất kỳ trong cả nước, hoặc đặt lịch trên VNeID.",
            "Kiểm tra thông tin trong cơ sở dữ liệu dân cư; sai thì yêu cầu sửa trước.",
            "Chụp ảnh, lấy vân tay, thu nhận mống mắt.",
            "Ký phiếu thu nhận và nhận giấy hẹn; lấy thẻ tại nơi hẹn hoặc qua bưu chính.",
        ],
        ways=[
            way(DIRECT, 7, WORKING_DAYS, note="Nguồn không nêu phí, lệ phí."),
            way(ONLINE, 7, WORKING_DAYS, note="Trực tuyến để đặt giờ và nơi làm thủ tục."),
        ],
        papers=[
            paper(
                "Phiếu thu thập thông tin dân cư, nếu chưa có trong cơ sở dữ liệu",
                form="Mẫu DC01 (Thông tư 53/2025/TT-BCA)",
            ),
            _DC02,
            _CC01,
        ],
        laws=_LAWS,
        keywords="CCCD, CMND, chứng minh thư, làm căn cước, căn cước công dân",
    ),
    _card(
        "1.014062",
        "Cấp thẻ căn cước cho người dưới 14 tuổi",
        plain="Làm căn cước cho trẻ em",
        page="019d2bf7-9e16-74eb-bb7b-a492aadf15a0",
        steps=[
            "Cha, mẹ hoặc người giám hộ quyết định có làm thẻ cho trẻ hay không.",
            "Trẻ dưới 6 tuổi: nộp qua VNeID hoặc cổng dịch vụ công, không phải lấy sinh trắc.",
            "Trẻ từ đủ 6 tuổi: đưa trẻ đến Công an cấp xã để chụp ảnh, lấy vân tay, mống mắt.",
            "Nhận thẻ theo hẹn hoặc qua bưu chính.",
        ],
        ways=everywhere(7, WORKING_DAYS, note="Nguồn không nêu phí, lệ phí."),
        papers=[
            _DC02,
            _CC01,
            paper("Giấy tờ chứng minh là người đại diện hợp pháp của trẻ"),
        ],
        laws=_LAWS,
        keywords="căn cước trẻ em, CCCD cho con, thẻ căn cước dưới 14 tuổi",
    ),
    _card(
        "1.014063",
        "Cấp đổi thẻ căn cước",
        plain="Đổi căn cước",
        page="019d2bf7-9e0f-730b-9510-60349ebab5b2",
        steps=[
            "Xem có thuộc trường hợp đổi: đến tuổi 14, 25, 40, 60; sai thông tin; đổi họ tên.",
            "Đến Công an cấp xã bất kỳ hoặc đặt lịch trực tuyến.",
            "Kiểm tra thông tin, chụp ảnh, lấy vân tay và mống mắt.",
            "Nộp lệ phí, trả thẻ cũ, nhận giấy hẹn và lấy thẻ mới.",
        ],
        ways=[
            way(DIRECT, 7, WORKING_DAYS, fee(50000, f"Mỗi thẻ. {_HALF}")),
            way(ONLINE, 7, WORKING_DAYS, fee(50000, f"Mỗi thẻ. {_HALF}")),
            way(
                POSTAL,
                7,
                WORKING_DAYS,
                fee(note="Cước bưu chính trả cho đơn vị chuyển phát."),
                note="Chỉ để nhận kết quả.",
            ),
        ],
        papers=[_DC02, _CC01, _CHILD],
        laws=(*_LAWS, "73/2024/TT-BTC", "64/2025/TT-BTC"),
        keywords="đổi CCCD, căn cước hết hạn, đổi chứng minh, sai thông tin căn cước",
    ),
    _card(
        "1.014064",
        "Cấp lại thẻ căn cước",
        plain="Làm lại căn cước bị mất",
        page="019d2bf7-9e0b-7681-bd68-83f1e84c1cc7",
        steps=[
            "Nếu mất thẻ, báo khoá căn cước điện tử trên VNeID trước.",
            "Đến Công an cấp xã bất kỳ hoặc nộp qua cổng dịch vụ công, VNeID.",
            "Công an đối chiếu thông tin đã lưu; đủ căn cứ thì không phải lấy lại sinh trắc.",
            "Nộp lệ phí và nhận thẻ theo hẹn.",
        ],
        ways=[
            way(DIRECT, 7, WORKING_DAYS, fee(70000, f"Mỗi thẻ. {_HALF}")),
            way(ONLINE, 7, WORKING_DAYS, fee(70000, f"Mỗi thẻ. {_HALF}")),
            way(
                POSTAL,
                7,
                WORKING_DAYS,
                fee(note="Cước bưu chính trả cho đơn vị chuyển phát."),
                note="Chỉ để nhận kết quả.",
            ),
        ],
        papers=[_DC02, _CC01, _CHILD],
        laws=_LAWS,
        keywords="mất căn cước, mất CCCD, hỏng căn cước, làm lại CMND",
    ),
    procedure(
        "1.001456",
        "Cấp hộ chiếu phổ thông ở trong nước (thực hiện tại cấp tỉnh)",
        plain="Làm hộ chiếu",
        field="Quản lý xuất nhập cảnh",
        decision="5568/QĐ-BCA",
        issuer="Bộ Công an",
        agency="Công an cấp tỉnh",
        page="019d2bf7-5fda-7370-bc07-6f1fd02ffcc4",
        levels=[PROVINCE],
        audience=[CITIZEN],
        steps=[
            "Chụp ảnh 4 × 6 cm nền trắng, điền tờ khai TK01 (trẻ dưới 14 tuổi: TK01a).",
            "Nộp trực tuyến hoặc tại Công an tỉnh, thành phố.",
            "Xuất trình căn cước; hộ chiếu cũ còn hạn thì nộp lại.",
            "Nộp lệ phí và nhận hộ chiếu theo hẹn hoặc qua bưu chính.",
        ],
        ways=[
            way(
                DIRECT,
                8,
                WORKING_DAYS,
                fee(200000, "Cấp mới, mỗi hộ chiếu."),
                fee(400000, "Cấp lại do hỏng hoặc mất, mỗi hộ chiếu."),
            ),
            way(ONLINE, 8, WORKING_DAYS, _OLD_PASSPORT_FEE),
            way(POSTAL, 8, WORKING_DAYS, _OLD_PASSPORT_FEE),
        ],
        papers=[
            paper("Tờ khai đề nghị cấp hộ chiếu", form="Mẫu TK01 hoặc TK01a"),
            paper("Ảnh 4 × 6 cm chụp trong 06 tháng, nhìn thẳng, không đeo kính"),
            paper("Hộ chiếu cấp lần gần nhất còn giá trị, nếu có"),
            paper(
                "Bản sao giấy khai sinh hoặc trích lục khai sinh",
                1,
                1,
                case="Người chưa đủ 14 tuổi chưa có mã định danh",
            ),
        ],
        result="Hộ chiếu phổ thông có gắn chíp điện tử hoặc không gắn chíp điện tử",
        laws=("49/2019/QH14", "31/2023/TT-BCA", "25/2021/TT-BTC"),
        keywords="passport, hộ chiếu, đi nước ngoài, gia hạn hộ chiếu",
    ),
    procedure(
        "3.000333",
        "Cấp Phiếu Lý lịch tư pháp cho công dân Việt Nam, người nước ngoài đang cư trú tại "
        "Việt Nam, người Việt Nam đang cư trú ở nước ngoài",
        plain="Lý lịch tư pháp",
        field="Lý lịch tư pháp",
        decision="1025/QĐ-BCA",
        issuer="Bộ Công an",
        agency="Công an tỉnh",
        page="019d2bf7-bd79-75fb-a4c6-ba1bf85d20ad",
        levels=[PROVINCE],
        audience=[CITIZEN, OVERSEAS, f"{FOREIGNER} cư trú tại Việt Nam"],
        steps=[
            "Hỏi nơi yêu cầu cần Phiếu số 1 hay Phiếu số 2.",
            "Khai trên VNeID hoặc cổng dịch vụ công, hay nộp tờ khai giấy.",
            "Công an tra cứu án tích và thông tin cấm đảm nhiệm chức vụ.",
            "Nhận Phiếu bản điện tử hoặc bản giấy; Phiếu số 2 phải do chính mình xin.",
        ],
        ways=everywhere(
            10,
            DAYS,
            fee(
                note="Theo Thông tư 244/2016/TT-BTC hoặc thông tư thay thế; nguồn quốc gia không "
                "ghi số tiền."
            ),
        ),
        papers=[
            paper("Tờ khai yêu cầu cấp Phiếu lý lịch tư pháp", form="Tờ khai, mẫu số 01"),
            paper("Bản sao thẻ căn cước hoặc hộ chiếu"),
            paper("Văn bản uỷ quyền", case="Nhờ người khác xin Phiếu số 1"),
            paper("Giấy tờ chứng minh được miễn, giảm phí", case="Thuộc diện miễn, giảm"),
        ],
        result="Phiếu lý lịch tư pháp số 1 hoặc số 2",
        laws=("28/2009/QH12",),
        keywords="LLTP, lý lịch trong sạch, lý lịch tư pháp số 2, giấy không có tiền án",
    ),
]
