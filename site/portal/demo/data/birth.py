"""Khai sinh, nhận cha mẹ con, nuôi con nuôi."""

from __future__ import annotations

from portal.demo.data.civil_status import COMMON_LAWS, ID, LOCAL, MANDATE, NO_UNIT, civil
from portal.demo.data.shape import (
    CITIZEN,
    COMMUNE,
    OVERSEAS,
    everywhere,
    fee,
    paper,
    procedure,
)

RECORDS = [
    civil(
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
            note=NO_UNIT,
        ),
        papers=[
            paper("Tờ khai đăng ký khai sinh", form="Tờ khai đăng ký khai sinh"),
            paper(
                "Giấy chứng sinh; không có thì văn bản của người làm chứng hoặc giấy cam đoan "
                "về việc sinh"
            ),
            ID,
            paper(
                "Biên bản về việc trẻ bị bỏ rơi do cơ quan có thẩm quyền lập", case="Trẻ bị bỏ rơi"
            ),
            paper(
                "Xác nhận của cơ sở y tế đã hỗ trợ sinh sản cho việc mang thai hộ",
                case="Trẻ sinh ra do mang thai hộ",
            ),
        ],
        result="Giấy khai sinh",
        laws=(*COMMON_LAWS, "120/2025/NĐ-CP", "18/2026/NĐ-CP", "85/2019/TT-BTC"),
        keywords="con mới đẻ, khai sinh cho con, giấy khai sinh, đẻ con",
        requirements="Cha, mẹ nên đi khai sinh cho con trong 60 ngày kể từ ngày sinh.",
    ),
    civil(
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
        ways=everywhere(5, "", LOCAL, note=NO_UNIT),
        papers=[
            paper("Tờ khai đăng ký lại khai sinh", form="Tờ khai đăng ký lại khai sinh"),
            paper("Bản sao Giấy khai sinh được cấp trước đây, nếu còn", 0, 1),
            paper("Nếu không còn: bản sao giấy tờ khác có ghi nội dung khai sinh", 0, 1),
            ID,
            MANDATE,
        ],
        result="Giấy khai sinh",
        laws=(*COMMON_LAWS, "120/2025/NĐ-CP", "04/2020/TT-BTP"),
        keywords="mất khai sinh, làm lại khai sinh, mất giấy khai sinh gốc",
        requirements="Đã đăng ký khai sinh trước ngày 01/01/2016 và cả sổ hộ tịch lẫn bản chính "
        "đều không còn; người yêu cầu còn sống. Nếu sổ gốc còn, hãy xin bản sao Giấy khai sinh.",
    ),
    civil(
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
        ways=everywhere(5, "", LOCAL, note=NO_UNIT),
        papers=[
            paper("Tờ khai đăng ký khai sinh", form="Tờ khai đăng ký khai sinh"),
            paper("Văn bản cam đoan chưa được đăng ký khai sinh"),
            paper("Bản sao giấy tờ cá nhân có ghi họ tên, ngày sinh, cha mẹ", 0, 1),
            ID,
        ],
        result="Giấy khai sinh",
        laws=(*COMMON_LAWS, "120/2025/NĐ-CP", "04/2020/TT-BTP"),
        keywords="khai sinh muộn, người già chưa có khai sinh, chưa từng làm khai sinh",
    ),
    civil(
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
        ways=everywhere(3, "", LOCAL, note=NO_UNIT),
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
            ID,
        ],
        result="Giấy khai sinh; Trích lục đăng ký nhận cha, mẹ, con",
        laws=(*COMMON_LAWS, "52/2014/QH13", "04/2020/TT-BTP"),
        keywords="khai sinh con ngoài giá thú, nhận con, chưa kết hôn mà có con",
    ),
    civil(
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
        ways=everywhere(3, "", LOCAL, note=NO_UNIT),
        papers=[
            paper("Tờ khai đăng ký nhận cha, mẹ, con", form="Tờ khai đăng ký nhận cha, mẹ, con"),
            paper("Văn bản của cơ quan y tế, giám định xác nhận quan hệ, hoặc văn bản cam đoan"),
            ID,
        ],
        result="Trích lục đăng ký nhận cha, mẹ, con",
        laws=(*COMMON_LAWS, "52/2014/QH13", "85/2019/TT-BTC"),
        keywords="nhận con, nhận cha, xác nhận cha con, xét nghiệm ADN",
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
