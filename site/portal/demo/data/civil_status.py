"""Hộ tịch and nuôi con nuôi."""

from __future__ import annotations

from functools import partial

from portal.demo.data.shape import (
    CITIZEN,
    COMMUNE,
    LOCAL_FEE,
    ORGANISATION,
    OVERSEAS,
    PROVINCE,
    WORKING_DAYS,
    everywhere,
    fee,
    paper,
    procedure,
)

_civil = partial(
    procedure,
    field="Hộ tịch",
    decision="163/QĐ-BTP",
    issuer="Bộ Tư pháp",
    agency="Uỷ ban nhân dân xã, phường",
)
_COMMON_LAWS = ("60/2014/QH13", "123/2015/NĐ-CP", "87/2020/NĐ-CP", "07/2025/NĐ-CP")
_ID = paper("Thẻ căn cước, căn cước điện tử trên VNeID hoặc hộ chiếu còn hạn (xuất trình)")
_MANDATE = paper(
    "Văn bản uỷ quyền có chứng thực, nếu nhờ người khác đi thay "
    "(ông bà, cha mẹ, con, vợ chồng, anh chị em ruột thì không phải chứng thực)"
)
_LOCAL = fee(
    note=f"{LOCAL_FEE} Miễn cho người có công với cách mạng, hộ nghèo, người khuyết tật. "
    "Bản sao trích lục thu riêng theo Thông tư 281/2016/TT-BTC."
)
_NO_UNIT = "Nguồn chỉ ghi con số, không ghi đơn vị thời gian."

RECORDS = [
    _civil(
        "1.001193",
        "Thủ tục đăng ký khai sinh",
        plain="Làm giấy khai sinh cho con",
        page="019d2bfd-3fe0-70ac-b9d6-5e9e20d6eef7",
        levels=[COMMUNE],
        audience=[CITIZEN, OVERSEAS],
        steps=[
            "Cha, mẹ (hoặc ông bà, người thân) chọn tên, họ, dân tộc, quê quán cho trẻ và "
            "chuẩn bị giấy chứng sinh.",
            "Nộp tờ khai tại quầy, gửi bưu chính, hoặc khai trên dichvucong.gov.vn hay VNeID.",
            "Công chức đối chiếu giấy tờ với cơ sở dữ liệu dân cư; thiếu gì báo một lần cho đủ.",
            "Kiểm tra lại bản thảo, rồi ký tên vào Sổ đăng ký khai sinh và nhận Giấy khai sinh. "
            "Nộp sau 15 giờ mà chưa giải quyết kịp thì nhận vào ngày làm việc kế tiếp.",
        ],
        ways=everywhere(
            1,
            "",
            fee(
                note="Miễn lệ phí khi khai sinh đúng hạn (Luật Hộ tịch, Điều 11). Khai sinh quá "
                "hạn: mức thu do Hội đồng nhân dân cấp tỉnh quyết định."
            ),
            note=_NO_UNIT,
        ),
        papers=[
            paper("Tờ khai đăng ký khai sinh", form="Tờ khai đăng ký khai sinh"),
            paper(
                "Giấy chứng sinh; không có thì văn bản của người làm chứng hoặc giấy cam đoan "
                "về việc sinh"
            ),
            _ID,
            paper(
                "Biên bản về việc trẻ bị bỏ rơi do cơ quan có thẩm quyền lập", case="Trẻ bị bỏ rơi"
            ),
            paper(
                "Xác nhận của cơ sở y tế đã hỗ trợ sinh sản cho việc mang thai hộ",
                case="Trẻ sinh ra do mang thai hộ",
            ),
        ],
        result="Giấy khai sinh",
        laws=(*_COMMON_LAWS, "120/2025/NĐ-CP", "18/2026/NĐ-CP", "85/2019/TT-BTC"),
        keywords="con mới đẻ, khai sinh cho con, giấy khai sinh, đẻ con",
        requirements="Cha, mẹ nên đi khai sinh cho con trong 60 ngày kể từ ngày sinh.",
    ),
    _civil(
        "1.004884",
        "Thủ tục đăng ký lại khai sinh",
        plain="Làm lại giấy khai sinh khi sổ gốc và bản chính đều mất",
        page="019d2bfd-6eac-7598-b88b-15f8a61b366a",
        levels=[COMMUNE],
        audience=[CITIZEN],
        steps=[
            "Gom mọi giấy tờ còn giữ có ghi họ tên, ngày sinh, cha mẹ: học bạ, bằng cấp, lý lịch.",
            "Nộp tờ khai kèm lời cam đoan đã nộp đủ giấy tờ hiện có.",
            "Công chức tra cứu; nếu nơi đăng ký cũ ở nơi khác thì gửi văn bản hỏi việc lưu sổ.",
            "Khi đủ căn cứ, ký sổ và nhận Giấy khai sinh mới.",
        ],
        ways=everywhere(5, "", _LOCAL, note=_NO_UNIT),
        papers=[
            paper("Tờ khai đăng ký lại khai sinh", form="Tờ khai đăng ký lại khai sinh"),
            paper("Bản sao Giấy khai sinh được cấp trước đây, nếu còn", 0, 1),
            paper("Nếu không còn: bản sao giấy tờ khác có ghi nội dung khai sinh", 0, 1),
            _ID,
            _MANDATE,
        ],
        result="Giấy khai sinh",
        laws=(*_COMMON_LAWS, "120/2025/NĐ-CP", "04/2020/TT-BTP"),
        keywords="mất khai sinh, làm lại khai sinh, mất giấy khai sinh gốc",
        requirements="Đã đăng ký khai sinh trước ngày 01/01/2016 và cả sổ hộ tịch lẫn bản chính "
        "đều không còn; người yêu cầu còn sống. Nếu sổ gốc còn, hãy xin bản sao Giấy khai sinh.",
    ),
    _civil(
        "1.004772",
        "Thủ tục đăng ký khai sinh cho người đã có hồ sơ, giấy tờ cá nhân",
        plain="Khai sinh cho người lớn chưa từng có giấy khai sinh",
        page="019d2bfd-6711-733d-b674-fc3d805e70c8",
        levels=[COMMUNE],
        audience=[CITIZEN],
        steps=[
            "Viết lời cam đoan chưa từng được đăng ký khai sinh.",
            "Nộp tờ khai cùng bản sao mọi giấy tờ cá nhân đang có.",
            "Cơ quan hộ tịch kiểm tra, xác minh để không ghi trùng.",
            "Ký sổ và nhận Giấy khai sinh ghi theo giấy tờ hợp lệ đã nộp.",
        ],
        ways=everywhere(5, "", _LOCAL, note=_NO_UNIT),
        papers=[
            paper("Tờ khai đăng ký khai sinh", form="Tờ khai đăng ký khai sinh"),
            paper("Văn bản cam đoan chưa được đăng ký khai sinh"),
            paper("Bản sao giấy tờ cá nhân có ghi họ tên, ngày sinh, cha mẹ", 0, 1),
            _ID,
        ],
        result="Giấy khai sinh",
        laws=(*_COMMON_LAWS, "120/2025/NĐ-CP", "04/2020/TT-BTP"),
        keywords="khai sinh muộn, người già chưa có khai sinh, chưa từng làm khai sinh",
    ),
    _civil(
        "1.000689",
        "Thủ tục đăng ký khai sinh kết hợp đăng ký nhận cha, mẹ, con",
        plain="Khai sinh và nhận con khi cha mẹ chưa đăng ký kết hôn",
        page="019d2bfd-3faf-768a-9224-9cb889436133",
        levels=[COMMUNE],
        audience=[CITIZEN],
        steps=[
            "Cha và mẹ cùng điền tờ khai sinh và tờ khai nhận con.",
            "Nộp chứng cứ về quan hệ cha con, mẹ con; không có thì cùng viết cam đoan.",
            "Công chức kiểm tra, giải thích trách nhiệm của người cam đoan.",
            "Các bên ký sổ, nhận Giấy khai sinh và Trích lục nhận cha, mẹ, con cùng lúc.",
        ],
        ways=everywhere(3, "", _LOCAL, note=_NO_UNIT),
        papers=[
            paper("Tờ khai đăng ký khai sinh", 1, 1, form="Tờ khai đăng ký khai sinh"),
            paper(
                "Tờ khai đăng ký nhận cha, mẹ, con",
                1,
                1,
                form="Tờ khai đăng ký nhận cha, mẹ, con",
            ),
            paper("Giấy chứng sinh, hoặc văn bản của người làm chứng về việc sinh"),
            paper("Kết quả giám định, hoặc văn bản cam đoan về quan hệ cha, mẹ, con"),
            _ID,
        ],
        result="Giấy khai sinh; Trích lục đăng ký nhận cha, mẹ, con",
        laws=(*_COMMON_LAWS, "52/2014/QH13", "04/2020/TT-BTP"),
        keywords="khai sinh con ngoài giá thú, nhận con, chưa kết hôn mà có con",
    ),
    _civil(
        "1.000894",
        "Thủ tục đăng ký kết hôn",
        plain="Đăng ký kết hôn",
        page="019d2bfd-3fac-7489-b53b-a15eb239a6fe",
        levels=[COMMUNE],
        audience=[CITIZEN],
        steps=[
            "Hai bên điền chung một tờ khai đăng ký kết hôn.",
            "Nộp tờ khai ở nơi cư trú của bên nam hoặc bên nữ, hoặc gửi trực tuyến.",
            "Công chức kiểm tra điều kiện kết hôn và tình trạng hôn nhân của hai bên.",
            "Hai bên cùng có mặt, xuất trình giấy tờ tuỳ thân, ký Sổ đăng ký kết hôn và Giấy "
            "chứng nhận kết hôn; mỗi người nhận một bản chính.",
        ],
        ways=everywhere(
            1,
            "",
            fee(
                note="Miễn lệ phí đăng ký kết hôn trong nước. Phí bản sao trích lục theo "
                "Thông tư 281/2016/TT-BTC."
            ),
            note=_NO_UNIT,
        ),
        papers=[
            paper(
                "Tờ khai đăng ký kết hôn, đủ thông tin của hai bên", form="Tờ khai đăng ký kết hôn"
            ),
            _ID,
            paper("Giấy tờ chứng minh nơi cư trú, chỉ khi cơ quan không tra cứu được"),
        ],
        result="Giấy chứng nhận kết hôn",
        laws=(*_COMMON_LAWS, "52/2014/QH13", "18/2026/NĐ-CP"),
        keywords="cưới, lấy vợ, lấy chồng, giấy kết hôn, giấy hôn thú",
        requirements="Nam từ đủ 20 tuổi, nữ từ đủ 18 tuổi; hai bên tự nguyện; không đang có vợ "
        "hoặc có chồng; không thuộc trường hợp cấm kết hôn.",
    ),
    _civil(
        "1.004746",
        "Thủ tục đăng ký lại kết hôn",
        plain="Làm lại giấy kết hôn đã mất",
        page="019d2bfd-6711-733d-b674-f82cb6606242",
        levels=[COMMUNE],
        audience=[CITIZEN],
        steps=[
            "Hai vợ chồng cùng điền tờ khai đăng ký lại kết hôn.",
            "Nộp kèm bản sao giấy kết hôn cũ hoặc giấy tờ có ghi việc kết hôn.",
            "Công chức xác minh nơi đã đăng ký trước đây nếu cần.",
            "Hai người cùng ký sổ và nhận Giấy chứng nhận kết hôn; ngày kết hôn tính từ lần đầu.",
        ],
        ways=everywhere(5, "", _LOCAL, note=_NO_UNIT),
        papers=[
            paper("Tờ khai đăng ký lại kết hôn", form="Tờ khai đăng ký lại kết hôn"),
            paper("Bản sao Giấy chứng nhận kết hôn cũ, hoặc giấy tờ có thông tin kết hôn", 0, 1),
            _ID,
        ],
        result="Giấy chứng nhận kết hôn",
        laws=(*_COMMON_LAWS, "85/2019/TT-BTC", "18/2026/NĐ-CP"),
        keywords="mất giấy kết hôn, làm lại đăng ký kết hôn",
        requirements="Việc kết hôn đã đăng ký trước ngày 01/01/2016, sổ hộ tịch và bản chính "
        "đều bị mất; cả hai vợ chồng còn sống.",
    ),
    _civil(
        "2.000806",
        "Thủ tục đăng ký kết hôn có yếu tố nước ngoài",
        plain="Kết hôn với người nước ngoài",
        page="019d2bfd-8e13-728a-a0cd-635811d8432e",
        levels=[COMMUNE],
        audience=[OVERSEAS, CITIZEN],
        steps=[
            "Bên nước ngoài xin giấy chứng minh độc thân ở nước mình, hợp pháp hoá lãnh sự và "
            "dịch ra tiếng Việt.",
            "Hai bên đi khám để có xác nhận không mắc bệnh tâm thần làm mất khả năng nhận thức.",
            "Một bên nộp hồ sơ, không cần văn bản uỷ quyền của bên kia.",
            "Cơ quan hộ tịch thẩm tra; nghi vấn thì mời làm việc hoặc xác minh thêm.",
            "Hai bên cùng đến ký sổ và nhận Giấy chứng nhận kết hôn.",
        ],
        ways=everywhere(5, "", _LOCAL, note=_NO_UNIT),
        papers=[
            paper("Tờ khai đăng ký kết hôn", form="Tờ khai đăng ký kết hôn"),
            paper("Giấy xác nhận của tổ chức y tế về sức khoẻ tâm thần của mỗi bên"),
            paper("Giấy chứng minh tình trạng hôn nhân của người nước ngoài, còn giá trị"),
            paper("Bản sao hộ chiếu của người nước ngoài"),
            paper(
                "Văn bản của cơ quan, đơn vị nói việc kết hôn không trái quy định của ngành",
                case="Công chức, viên chức, người trong lực lượng vũ trang",
            ),
            paper(
                "Bản sao trích lục ghi chú ly hôn hoặc huỷ kết hôn",
                case="Đã ly hôn ở nước ngoài",
            ),
        ],
        result="Giấy chứng nhận kết hôn",
        laws=(*_COMMON_LAWS, "18/2026/NĐ-CP", "04/2020/TT-BTP"),
        keywords="lấy chồng Tây, lấy vợ nước ngoài, kết hôn với Việt kiều",
    ),
    _civil(
        "1.004873",
        "Thủ tục cấp Giấy xác nhận tình trạng hôn nhân",
        plain="Giấy độc thân",
        page="019d2bfd-6eb3-7019-bf3f-fc58c9ee44b9",
        levels=[COMMUNE],
        audience=[OVERSEAS, CITIZEN],
        steps=[
            "Ghi rõ trong tờ khai giấy dùng vào việc gì: kết hôn với ai, hay mua bán, vay vốn.",
            "Nộp tờ khai ở nơi thường trú; chưa có thường trú thì nơi tạm trú.",
            "Công chức kiểm tra trong 03 ngày làm việc; ở nhiều nơi thì có thể phải xác minh thêm.",
            "Nhận giấy; nhớ hạn dùng của giấy là 06 tháng kể từ ngày cấp.",
        ],
        ways=everywhere(3, "", _LOCAL, note=_NO_UNIT),
        papers=[
            paper(
                "Tờ khai cấp Giấy xác nhận tình trạng hôn nhân",
                form="Tờ khai cấp Giấy xác nhận tình trạng hôn nhân",
            ),
            _ID,
            paper(
                "Giấy xác nhận tình trạng hôn nhân đã cấp trước đó",
                case="Xin cấp lại để dùng vào việc khác hoặc vì giấy hết hạn",
            ),
            _MANDATE,
        ],
        result="Giấy xác nhận tình trạng hôn nhân",
        laws=(*_COMMON_LAWS, "52/2014/QH13", "85/2019/TT-BTC"),
        keywords="độc thân, giấy xác nhận độc thân, chưa vợ, chưa chồng",
    ),
    _civil(
        "1.000656",
        "Thủ tục đăng ký khai tử",
        plain="Báo tử, khai tử cho người thân",
        page="019d2bfd-3fac-7489-b53b-9c6c958f2da4",
        levels=[COMMUNE],
        audience=[CITIZEN],
        steps=[
            "Xin giấy báo tử: ở bệnh viện nếu mất tại đó, hoặc giấy tờ thay thế.",
            "Nộp tờ khai tại nơi cư trú cuối cùng của người mất.",
            "Công chức kiểm tra, người đi khai ký Sổ đăng ký khai tử.",
            "Nhận Trích lục khai tử; dùng giấy này để xin mai táng phí, thừa kế, xoá thường trú.",
        ],
        ways=everywhere(
            1,
            "",
            fee(
                note="Miễn lệ phí khi khai tử đúng hạn và cho người có công với cách mạng, hộ "
                "nghèo, người khuyết tật; các trường hợp khác do Hội đồng nhân dân cấp tỉnh "
                "quyết định."
            ),
            note=_NO_UNIT,
        ),
        papers=[
            paper("Tờ khai đăng ký khai tử", form="Tờ khai đăng ký khai tử"),
            paper("Giấy báo tử hoặc giấy tờ thay Giấy báo tử"),
            _ID,
            paper(
                "Tài liệu do cơ quan, tổ chức cấp chứng minh việc chết",
                case="Người chết đã lâu, không có giấy báo tử",
            ),
        ],
        result="Trích lục khai tử",
        laws=(*_COMMON_LAWS, "120/2025/NĐ-CP", "85/2019/TT-BTC"),
        keywords="báo tử, ba mất, mẹ mất, giấy chứng tử, chứng tử",
        requirements="Nên khai tử trong 15 ngày kể từ ngày có người chết.",
    ),
    _civil(
        "2.000635",
        "Cấp bản sao Trích lục hộ tịch, bản sao Giấy khai sinh",
        plain="Xin bản sao khai sinh, trích lục hộ tịch",
        page="019d2bfd-867c-72db-b6a7-dcbd8c763807",
        levels=[PROVINCE, COMMUNE],
        audience=[ORGANISATION, CITIZEN],
        steps=[
            "Cho biết cần bản sao loại nào, của ai và mấy bản.",
            "Nộp tờ khai tại bất kỳ nơi tiếp nhận nào, hoặc gửi trực tuyến.",
            "Công chức tra Cơ sở dữ liệu hộ tịch và in bản sao.",
            "Nộp phí theo số bản và nhận kết quả; nộp sau 15 giờ thì hẹn ngày làm việc kế tiếp.",
        ],
        ways=everywhere(None, "", fee(8000, "Mỗi bản sao")),
        papers=[
            paper(
                "Tờ khai đề nghị cấp bản sao (cá nhân) hoặc văn bản yêu cầu nêu lý do (tổ chức)",
                form="Tờ khai cấp bản sao trích lục hộ tịch",
            ),
            _ID,
            _MANDATE,
        ],
        result="Bản sao Trích lục hộ tịch, bản sao Giấy khai sinh",
        laws=("60/2014/QH13", "07/2025/NĐ-CP", "120/2025/NĐ-CP", "281/2016/TT-BTC"),
        keywords="sao khai sinh, bản sao khai sinh, trích lục, mất khai sinh",
    ),
    _civil(
        "1.004859",
        "Thủ tục thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc",
        plain="Đổi tên, sửa sai trên giấy khai sinh",
        page="019d2bfd-671e-714b-8fd6-8230c82f7867",
        levels=[COMMUNE],
        audience=[CITIZEN],
        steps=[
            "Xác định cần sửa gì: đổi họ tên, sửa sai sót, thêm thông tin hay xác định dân tộc.",
            "Nộp tờ khai với giấy tờ làm căn cứ; người từ đủ 9 tuổi phải đồng ý đổi họ, tên mình.",
            "Công chức kiểm tra căn cứ, hỏi thêm nơi giữ sổ gốc khi cần.",
            "Ký sổ, nhận trích lục và xuất trình Giấy khai sinh để ghi nội dung thay đổi.",
        ],
        ways=everywhere(1, "", _LOCAL, note=_NO_UNIT),
        papers=[
            paper(
                "Tờ khai thay đổi, cải chính, bổ sung thông tin hộ tịch",
                form="Tờ khai thay đổi, cải chính, bổ sung thông tin hộ tịch",
            ),
            paper("Giấy tờ làm căn cứ thay đổi, cải chính, bổ sung"),
            _ID,
            _MANDATE,
        ],
        result="Trích lục thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc",
        laws=(*_COMMON_LAWS, "91/2015/QH13", "18/2026/NĐ-CP"),
        keywords="đổi tên, sửa khai sinh, sai ngày sinh, đổi họ, cải chính",
    ),
    _civil(
        "1.001022",
        "Thủ tục đăng ký nhận cha, mẹ, con",
        plain="Nhận cha, nhận mẹ, nhận con",
        page="019d2bfd-3fa6-722f-ac1a-e949c8ce3418",
        levels=[COMMUNE],
        audience=[CITIZEN],
        steps=[
            "Chuẩn bị kết quả giám định, hoặc thư, ảnh, vật chứng và lời cam đoan của các bên.",
            "Nộp tờ khai tại nơi cư trú của người nhận hoặc người được nhận.",
            "Công chức kiểm tra việc nhận là đúng, không có tranh chấp.",
            "Hai bên cùng có mặt ký sổ và nhận trích lục.",
        ],
        ways=everywhere(3, "", _LOCAL, note=_NO_UNIT),
        papers=[
            paper("Tờ khai đăng ký nhận cha, mẹ, con", form="Tờ khai đăng ký nhận cha, mẹ, con"),
            paper("Văn bản của cơ quan y tế, giám định xác nhận quan hệ, hoặc văn bản cam đoan"),
            _ID,
        ],
        result="Trích lục đăng ký nhận cha, mẹ, con",
        laws=(*_COMMON_LAWS, "52/2014/QH13", "85/2019/TT-BTC"),
        keywords="nhận con, nhận cha, xác nhận cha con, xét nghiệm ADN",
    ),
    _civil(
        "1.004837",
        "Thủ tục đăng ký giám hộ",
        plain="Làm người giám hộ",
        page="019d2bfd-671b-75fa-82fb-8ad05a37f638",
        levels=[COMMUNE],
        audience=[CITIZEN, OVERSEAS],
        steps=[
            "Xác định là giám hộ đương nhiên hay giám hộ cử.",
            "Nộp tờ khai tại nơi cư trú của người được giám hộ hoặc người giám hộ.",
            "Công chức kiểm tra điều kiện của người giám hộ.",
            "Ký sổ và nhận trích lục đăng ký giám hộ.",
        ],
        ways=everywhere(
            3,
            WORKING_DAYS,
            fee(note="Phí bản sao trích lục, nếu xin thêm, theo Thông tư 281/2016/TT-BTC."),
        ),
        papers=[
            paper("Tờ khai đăng ký giám hộ", form="Tờ khai đăng ký giám hộ"),
            _ID,
            paper("Văn bản cử người giám hộ", case="Giám hộ cử"),
            paper("Giấy tờ chứng minh là người giám hộ đương nhiên", case="Giám hộ đương nhiên"),
        ],
        result="Trích lục đăng ký giám hộ",
        laws=(*_COMMON_LAWS, "91/2015/QH13", "85/2019/TT-BTC"),
        keywords="giám hộ cho cháu, nuôi cháu mồ côi, người giám hộ",
    ),
    procedure(
        "2.001263",
        "Đăng ký việc nuôi con nuôi trong nước",
        plain="Nhận con nuôi",
        field="Nuôi con nuôi",
        decision="361/QĐ-BTP",
        issuer="Bộ Tư pháp",
        agency="Uỷ ban nhân dân xã, phường",
        page="019d2bfd-9dae-705f-a893-0c4e1f0c32a7",
        levels=[COMMUNE],
        audience=[CITIZEN],
        steps=[
            "Người nhận nuôi chuẩn bị hồ sơ của mình và của đứa trẻ.",
            "Nộp hồ sơ tại Uỷ ban nhân dân cấp xã; thiếu giấy tờ thì được hướng dẫn bổ sung "
            "trong 01 ngày làm việc.",
            "Cơ quan hộ tịch hỏi ý kiến cha mẹ đẻ, người giám hộ và trẻ từ đủ 9 tuổi; "
            "người đã đồng ý có 10 ngày làm việc để đổi ý.",
            "Đăng ký và trao Giấy chứng nhận nuôi con nuôi trước sự có mặt của các bên.",
            "Sáu tháng một lần, trong ba năm, cha mẹ nuôi báo tình hình của trẻ.",
        ],
        ways=everywhere(
            None,
            "",
            fee(
                400000,
                "Mỗi trường hợp. Miễn khi cha dượng, mẹ kế nhận con riêng; cô, cậu, dì, chú, "
                "bác ruột nhận cháu; nhận trẻ khuyết tật, nhiễm HIV hoặc bệnh hiểm nghèo; "
                "người có công với cách mạng nhận con nuôi.",
            ),
        ),
        papers=[
            paper("Đơn xin nhận con nuôi", form="Đơn xin nhận con nuôi", case="Người nhận nuôi"),
            paper("Giấy khám sức khoẻ", case="Người nhận nuôi"),
            paper(
                "Xác nhận hoàn cảnh gia đình, chỗ ở, kinh tế của Uỷ ban nhân dân cấp xã",
                case="Người nhận nuôi",
            ),
            paper("Bản sao thẻ căn cước hoặc hộ chiếu", 0, 1, case="Người nhận nuôi"),
            paper("Giấy khám sức khoẻ của trẻ", case="Người được nhận nuôi"),
            paper("02 ảnh toàn thân, nhìn thẳng, chụp trong 06 tháng", case="Người được nhận nuôi"),
        ],
        result="Giấy chứng nhận nuôi con nuôi trong nước",
        laws=("18/2026/NĐ-CP", "120/2025/NĐ-CP", "10/2020/TT-BTP"),
        keywords="xin con nuôi, nhận con nuôi, nuôi trẻ mồ côi",
        requirements="Người nhận nuôi hơn con nuôi từ 20 tuổi trở lên (trừ cha dượng, mẹ kế, "
        "cô, cậu, dì, chú, bác ruột), có sức khoẻ, chỗ ở và kinh tế bảo đảm.",
    ),
]
