"""Đất đai."""

from __future__ import annotations

from functools import partial

from portal.demo.data.shape import (
    CITIZEN,
    COMMUNE,
    COMPANY,
    COOPERATIVE,
    DIRECT,
    FOREIGNER,
    OFFICIAL,
    ONLINE,
    ORGANISATION,
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

_land = partial(procedure, field="Đất đai", issuer="Bộ Nông nghiệp và Môi trường")
_REGISTRY = "Văn phòng đăng ký đất đai, Chi nhánh Văn phòng đăng ký đất đai"
_LAWS = ("31/2024/QH15", "Nghị định 101/2024/NĐ-CP", "151/2025/NĐ-CP")
_FEE = fee(
    note="Theo pháp luật về phí và lệ phí; mức cụ thể do Hội đồng nhân dân cấp tỉnh quyết định. "
    "Chưa kể thuế và nghĩa vụ tài chính khác về đất."
)
_FORM18 = "Mẫu số 18 (Nghị định 151/2025/NĐ-CP)"
_CHANGE = "Đơn đăng ký biến động đất đai, tài sản gắn liền với đất"
_SURVEY = paper(
    "Mảnh trích đo bản đồ địa chính, khi cần xác định lại ranh giới, diện tích thửa đất", 0, 1
)
_EVERYBODY = [CITIZEN, OVERSEAS, ORGANISATION, COMPANY, COOPERATIVE]

RECORDS = [
    _land(
        "1.013978",
        "Đăng ký đất đai, tài sản gắn liền với đất, cấp Giấy chứng nhận quyền sử dụng đất, quyền "
        "sở hữu tài sản gắn liền với đất lần đầu đối với hộ gia đình, cá nhân, cộng đồng dân cư, "
        "người gốc Việt Nam định cư ở nước ngoài",
        plain="Làm sổ đỏ lần đầu",
        decision="3380/QĐ-BNNMT",
        page="019d2bfa-8678-770b-8917-1872078767cd",
        levels=[COMMUNE],
        audience=[CITIZEN],
        agency=f"Chủ tịch Uỷ ban nhân dân cấp xã; {_REGISTRY}",
        steps=[
            "Gom mọi giấy tờ về nguồn gốc đất: giấy giao đất, mua bán viết tay, biên lai thuế.",
            "Nộp hồ sơ tại nơi tiếp nhận; nhận giấy hẹn.",
            "Cấp xã xác minh nguồn gốc, việc sử dụng, tranh chấp và quy hoạch, rồi niêm yết "
            "công khai.",
            "Cơ quan thuế tính và gửi thông báo nghĩa vụ tài chính; nộp tiền và giữ chứng từ.",
            "Nhận Giấy chứng nhận.",
        ],
        ways=[
            way(DIRECT, 27, WORKING_DAYS, _FEE),
            way(ONLINE, 17, WORKING_DAYS, _FEE),
            way(POSTAL, 20, WORKING_DAYS, _FEE),
        ],
        papers=[
            paper("Đơn đăng ký đất đai, tài sản gắn liền với đất", form="Mẫu đơn đăng ký đất đai"),
            paper("Một trong các giấy tờ về quyền sử dụng đất theo Luật Đất đai, nếu có", 1, 1),
            paper(
                "Giấy tờ thừa kế, chuyển quyền có chữ ký của bên chuyển",
                1,
                1,
                case="Đất nhận thừa kế hoặc nhận chuyển quyền chưa sang tên",
            ),
            paper("Chứng từ đã nộp tiền, giấy tờ miễn giảm nghĩa vụ tài chính, nếu có", 1, 1),
            paper("Mảnh trích đo bản đồ địa chính thửa đất, nếu có", 1, 1),
        ],
        result="Giấy chứng nhận quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất; hoặc "
        "thông báo xác nhận kết quả đăng ký đất đai",
        laws=(*_LAWS, "226/2025/NĐ-CP"),
        keywords="sổ đỏ, sổ hồng, bìa đỏ, làm sổ, cấp sổ đỏ lần đầu",
    ),
    _land(
        "1.012783",
        "Cấp đổi Giấy chứng nhận quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất",
        plain="Đổi sổ đỏ cũ, rách",
        decision="3380/QĐ-BNNMT",
        page="019d2bfa-6f3b-7238-9e41-307101b01795",
        levels=[PROVINCE],
        audience=[*_EVERYBODY, FOREIGNER],
        agency=_REGISTRY,
        steps=[
            "Điền đơn và ghi lý do đổi: sổ cũ, rách, ố, đo đạc lại, thêm tên vợ hoặc chồng.",
            "Nộp hồ sơ kèm bản gốc Giấy chứng nhận.",
            "Văn phòng đăng ký đất đai kiểm tra, cập nhật hồ sơ địa chính.",
            "Nhận Giấy chứng nhận mới.",
        ],
        ways=[
            way(DIRECT, 5, WORKING_DAYS, _FEE),
            way(ONLINE, 15, WORKING_DAYS, _FEE),
            way(POSTAL, 20, WORKING_DAYS, _FEE),
        ],
        papers=[
            paper(_CHANGE, form=_FORM18),
            paper("Bản gốc Giấy chứng nhận đã cấp"),
            _SURVEY,
        ],
        result="Giấy chứng nhận quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất",
        laws=(*_LAWS, "226/2025/NĐ-CP"),
        keywords="đổi sổ đỏ, sổ đỏ rách, đổi sổ hồng, thêm tên vợ chồng vào sổ",
    ),
    _land(
        "1.012784",
        "Tách thửa hoặc hợp thửa đất.",
        plain="Tách sổ, gộp sổ",
        decision="2304/QĐ-BNNMT",
        page="019d2bfa-6f5d-72e6-9a68-ab8e3ba11c8b",
        levels=[PROVINCE],
        audience=_EVERYBODY,
        agency=_REGISTRY,
        steps=[
            "Xem diện tích tối thiểu được tách theo quy định của tỉnh, thành phố.",
            "Thuê đơn vị có phép đo vẽ bản vẽ tách thửa, hợp thửa.",
            "Nộp hồ sơ; Văn phòng đăng ký đất đai kiểm tra điều kiện và xác nhận bản vẽ.",
            "Nhận Giấy chứng nhận cho từng thửa mới.",
        ],
        ways=[
            way(DIRECT, 22, WORKING_DAYS, _FEE),
            way(ONLINE, 12, WORKING_DAYS, _FEE),
            way(POSTAL, 12, WORKING_DAYS, _FEE),
        ],
        papers=[
            paper(
                "Đơn đề nghị tách thửa, hợp thửa đất",
                form="Mẫu số 21 (Nghị định 151/2025/NĐ-CP)",
            ),
            paper("Bản vẽ tách thửa, hợp thửa", 0, 1, form="Mẫu số 22 (Nghị định 151/2025/NĐ-CP)"),
            paper("Giấy chứng nhận đã cấp, kèm bản gốc để đối chiếu", 0, 1),
            paper("Văn bản của cơ quan có thẩm quyền về việc tách, hợp thửa, nếu có", 0, 1),
        ],
        result="Giấy chứng nhận quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất",
        laws=_LAWS,
        keywords="tách sổ, tách thửa, gộp thửa, chia đất cho con",
    ),
    _land(
        "1.012786",
        "Cấp lại Giấy chứng nhận do bị mất",
        plain="Mất sổ đỏ",
        decision="3380/QĐ-BNNMT",
        page="019d2bfa-76c7-75db-b936-ff88fe49d880",
        levels=[PROVINCE],
        audience=[*_EVERYBODY, FOREIGNER],
        agency=_REGISTRY,
        steps=[
            "Điền đơn, nêu rõ mất sổ khi nào và thửa đất nào.",
            "Nộp hồ sơ; việc mất sổ được niêm yết hoặc đăng tin.",
            "Hết thời gian thông báo mà không ai khiếu nại thì sổ cũ bị huỷ.",
            "Nhận Giấy chứng nhận cấp lại.",
        ],
        ways=[
            way(DIRECT, 20, WORKING_DAYS, _FEE),
            way(ONLINE, 10, WORKING_DAYS, _FEE),
            way(POSTAL, 10, WORKING_DAYS, _FEE),
        ],
        papers=[
            paper(_CHANGE, 1, 1, form=_FORM18),
            paper(
                "Mảnh trích đo bản đồ địa chính, khi cần xác định lại ranh giới, diện tích", 1, 1
            ),
            paper(
                "Bản gốc Giấy chứng nhận đã cấp", case="Chỉ mất trang bổ sung của Giấy chứng nhận"
            ),
        ],
        result="Giấy chứng nhận quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất",
        laws=(*_LAWS, "226/2025/NĐ-CP"),
        keywords="mất sổ đỏ, mất sổ hồng, mất giấy đất, cấp lại sổ đỏ",
    ),
    _land(
        "1.013831",
        "Đăng ký biến động quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất trong các "
        "trường hợp chuyển đổi quyền sử dụng đất nông nghiệp mà không theo phương án dồn điền, "
        "đổi thửa; chuyển nhượng, thừa kế, tặng cho quyền sử dụng đất, quyền sở hữu tài sản gắn "
        "liền với đất, góp vốn bằng quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất; cho "
        "thuê, cho thuê lại quyền sử dụng đất trong dự án xây dựng kinh doanh kết cấu hạ tầng; "
        "bán hoặc tặng cho hoặc để thừa kế hoặc góp vốn bằng tài sản gắn liền với đất thuê của "
        "Nhà nước theo hình thức thuê đất trả tiền hàng năm",
        plain="Sang tên sổ đỏ",
        decision="3380/QĐ-BNNMT",
        page="019d2bfa-7ece-728d-9b60-6563e0a7a94e",
        levels=[PROVINCE],
        audience=[OVERSEAS, ORGANISATION, OFFICIAL],
        agency=_REGISTRY,
        steps=[
            "Công chứng hoặc chứng thực hợp đồng mua bán, tặng cho, văn bản thừa kế.",
            "Nộp hồ sơ sang tên kèm bản gốc Giấy chứng nhận.",
            "Cơ quan thuế gửi thông báo thuế thu nhập và lệ phí trước bạ; nộp đủ rồi nộp lại "
            "chứng từ.",
            "Văn phòng đăng ký đất đai ghi biến động.",
            "Người nhận chuyển quyền nhận Giấy chứng nhận đứng tên mình.",
        ],
        ways=[
            way(DIRECT, 18, WORKING_DAYS, _FEE),
            way(ONLINE, 18, WORKING_DAYS, _FEE),
            way(POSTAL, 4, WORKING_DAYS, _FEE),
        ],
        papers=[
            paper(_CHANGE, 1, 1, form=_FORM18),
            paper("Bản gốc Giấy chứng nhận đã cấp", 1, 1),
            paper("Hợp đồng hoặc văn bản chuyển quyền đã công chứng, chứng thực", 1, 1),
            paper(
                "Văn bản đồng ý của bên nhận thế chấp",
                1,
                1,
                case="Đất đang thế chấp ngân hàng",
            ),
        ],
        result="Giấy chứng nhận quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất",
        laws=(*_LAWS, "226/2025/NĐ-CP"),
        keywords="sang tên, sang tên sổ đỏ, mua bán đất, tặng cho đất, thừa kế đất",
    ),
    _land(
        "1.013992",
        "Đăng ký biến động chuyển mục đích sử dụng đất không phải xin phép cơ quan nhà nước có "
        "thẩm quyền",
        plain="Đổi loại đất không phải xin phép",
        decision="3380/QĐ-BNNMT",
        page="019d2bfa-8676-77f3-ba25-0b6137011577",
        levels=[PROVINCE],
        audience=_EVERYBODY,
        agency=_REGISTRY,
        steps=[
            "Hỏi trước xem việc đổi mục đích của mình có phải xin phép không.",
            "Nếu không phải xin phép, nộp đơn đăng ký biến động.",
            "Văn phòng đăng ký đất đai kiểm tra và ghi mục đích mới.",
            "Nhận Giấy chứng nhận đã ghi biến động.",
        ],
        ways=everywhere(7, WORKING_DAYS, _FEE),
        papers=[
            paper(_CHANGE, form=_FORM18),
            paper("Giấy chứng nhận đã cấp", 0, 1),
            _SURVEY,
        ],
        result="Giấy chứng nhận quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất",
        laws=(*_LAWS, "226/2025/NĐ-CP"),
        keywords="chuyển mục đích, đất vườn, đổi loại đất, đăng ký biến động",
    ),
]
