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

civil = partial(
    procedure,
    field="Hộ tịch",
    decision="163/QĐ-BTP",
    issuer="Bộ Tư pháp",
    agency="Uỷ ban nhân dân xã, phường",
)
COMMON_LAWS = ("60/2014/QH13", "123/2015/NĐ-CP", "87/2020/NĐ-CP", "07/2025/NĐ-CP")
ID = paper("Thẻ căn cước, căn cước điện tử trên VNeID hoặc hộ chiếu còn hạn (xuất trình)")
MANDATE = paper(
    "Văn bản uỷ quyền có chứng thực, nếu nhờ người khác đi thay "
    "(ông bà, cha mẹ, con, vợ chồng, anh chị em ruột thì không phải chứng thực)"
)
LOCAL = fee(
    note=f"{LOCAL_FEE} Miễn cho người có công với cách mạng, hộ nghèo, người khuyết tật. "
    "Bản sao trích lục thu riêng theo Thông tư 281/2016/TT-BTC."
)
NO_UNIT = "Nguồn chỉ ghi con số, không ghi đơn vị thời gian."

RECORDS = [
    civil(
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
            note=NO_UNIT,
        ),
        papers=[
            paper(
                "Tờ khai đăng ký kết hôn, đủ thông tin của hai bên", form="Tờ khai đăng ký kết hôn"
            ),
            ID,
            paper("Giấy tờ chứng minh nơi cư trú, chỉ khi cơ quan không tra cứu được"),
        ],
        result="Giấy chứng nhận kết hôn",
        laws=(*COMMON_LAWS, "52/2014/QH13", "18/2026/NĐ-CP"),
        keywords="cưới, lấy vợ, lấy chồng, giấy kết hôn, giấy hôn thú",
        requirements="Nam từ đủ 20 tuổi, nữ từ đủ 18 tuổi; hai bên tự nguyện; không đang có vợ "
        "hoặc có chồng; không thuộc trường hợp cấm kết hôn.",
    ),
    civil(
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
        ways=everywhere(5, "", LOCAL, note=NO_UNIT),
        papers=[
            paper("Tờ khai đăng ký lại kết hôn", form="Tờ khai đăng ký lại kết hôn"),
            paper("Bản sao Giấy chứng nhận kết hôn cũ, hoặc giấy tờ có thông tin kết hôn", 0, 1),
            ID,
        ],
        result="Giấy chứng nhận kết hôn",
        laws=(*COMMON_LAWS, "85/2019/TT-BTC", "18/2026/NĐ-CP"),
        keywords="mất giấy kết hôn, làm lại đăng ký kết hôn",
        requirements="Việc kết hôn đã đăng ký trước ngày 01/01/2016, sổ hộ tịch và bản chính "
        "đều bị mất; cả hai vợ chồng còn sống.",
    ),
    civil(
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
        ways=everywhere(5, "", LOCAL, note=NO_UNIT),
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
        laws=(*COMMON_LAWS, "18/2026/NĐ-CP", "04/2020/TT-BTP"),
        keywords="lấy chồng Tây, lấy vợ nước ngoài, kết hôn với Việt kiều",
    ),
    civil(
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
        ways=everywhere(3, "", LOCAL, note=NO_UNIT),
        papers=[
            paper(
                "Tờ khai cấp Giấy xác nhận tình trạng hôn nhân",
                form="Tờ khai cấp Giấy xác nhận tình trạng hôn nhân",
            ),
            ID,
            paper(
                "Giấy xác nhận tình trạng hôn nhân đã cấp trước đó",
                case="Xin cấp lại để dùng vào việc khác hoặc vì giấy hết hạn",
            ),
            MANDATE,
        ],
        result="Giấy xác nhận tình trạng hôn nhân",
        laws=(*COMMON_LAWS, "52/2014/QH13", "85/2019/TT-BTC"),
        keywords="độc thân, giấy xác nhận độc thân, chưa vợ, chưa chồng",
    ),
    civil(
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
            note=NO_UNIT,
        ),
        papers=[
            paper("Tờ khai đăng ký khai tử", form="Tờ khai đăng ký khai tử"),
            paper("Giấy báo tử hoặc giấy tờ thay Giấy báo tử"),
            ID,
            paper(
                "Tài liệu do cơ quan, tổ chức cấp chứng minh việc chết",
                case="Người chết đã lâu, không có giấy báo tử",
            ),
        ],
        result="Trích lục khai tử",
        laws=(*COMMON_LAWS, "120/2025/NĐ-CP", "85/2019/TT-BTC"),
        keywords="báo tử, ba mất, mẹ mất, giấy chứng tử, chứng tử",
        requirements="Nên khai tử trong 15 ngày kể từ ngày có người chết.",
    ),
    civil(
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
            ID,
            MANDATE,
        ],
        result="Bản sao Trích lục hộ tịch, bản sao Giấy khai sinh",
        laws=("60/2014/QH13", "07/2025/NĐ-CP", "120/2025/NĐ-CP", "281/2016/TT-BTC"),
        keywords="sao khai sinh, bản sao khai sinh, trích lục, mất khai sinh",
    ),
    civil(
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
        ways=everywhere(1, "", LOCAL, note=NO_UNIT),
        papers=[
            paper(
                "Tờ khai thay đổi, cải chính, bổ sung thông tin hộ tịch",
                form="Tờ khai thay đổi, cải chính, bổ sung thông tin hộ tịch",
            ),
            paper("Giấy tờ làm căn cứ thay đổi, cải chính, bổ sung"),
            ID,
            MANDATE,
        ],
        result="Trích lục thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc",
        laws=(*COMMON_LAWS, "91/2015/QH13", "18/2026/NĐ-CP"),
        keywords="đổi tên, sửa khai sinh, sai ngày sinh, đổi họ, cải chính",
    ),
    civil(
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
            ID,
            paper("Văn bản cử người giám hộ", case="Giám hộ cử"),
            paper("Giấy tờ chứng minh là người giám hộ đương nhiên", case="Giám hộ đương nhiên"),
        ],
        result="Trích lục đăng ký giám hộ",
        laws=(*COMMON_LAWS, "91/2015/QH13", "85/2019/TT-BTC"),
        keywords="giám hộ cho cháu, nuôi cháu mồ côi, người giám hộ",
    ),
]
