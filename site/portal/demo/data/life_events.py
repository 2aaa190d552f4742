"""The eight life events a new city starts with, by the national codes of their procedures.

A row: code, how it joins the row above ("step", "and", "or"), the step's name ("" for the name of
the procedure), when it is needed, and whether only some people need it.
"""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """One procedure of an event."""

    code: str
    joins: str = "step"
    heading: str = ""
    note: str = ""
    optional: bool = False


class Event(NamedTuple):
    """One event; names and hints are those of the home page."""

    slug: str
    name: str
    hint: str
    icon: str
    query: str
    intro: str
    rows: tuple[Row, ...]


EVENTS = (
    Event(
        "co-con",
        "Có con",
        "khai sinh, nhận con",
        "child",
        "đăng ký khai sinh",
        "Trong 60 ngày kể từ ngày sinh, cha hoặc mẹ đi đăng ký khai sinh cho con. "
        "Có giấy khai sinh rồi thì đăng ký nơi ở cho con.",
        (
            Row(
                "1.001193",
                heading="Đăng ký khai sinh",
                note="Cha mẹ đã đăng ký kết hôn, hoặc chỉ ghi tên mẹ.",
            ),
            Row(
                "1.000689",
                "or",
                note="Cha mẹ chưa đăng ký kết hôn và muốn ghi tên cha vào giấy khai sinh.",
            ),
            Row("2.000528", "or", note="Cha hoặc mẹ là người nước ngoài.", optional=True),
            Row("1.001022", note="Con đã có giấy khai sinh chưa ghi tên cha.", optional=True),
            Row("1.004222", heading="Đăng ký nơi ở cho con", note="Con ở cùng cha mẹ lâu dài."),
            Row("2.000635", note="Cần thêm bản sao giấy khai sinh để nộp nơi khác.", optional=True),
        ),
    ),
    Event(
        "ket-hon",
        "Kết hôn",
        "xác nhận độc thân",
        "marriage",
        "đăng ký kết hôn",
        "Hai người cùng có mặt khi đăng ký. Nếu đăng ký ở xã, phường không phải nơi mình thường "
        "trú thì thường phải xin giấy xác nhận độc thân trước.",
        (
            Row(
                "1.004873",
                heading="Xác nhận tình trạng hôn nhân (độc thân)",
                note="Khi đăng ký kết hôn ở nơi không phải nơi thường trú.",
                optional=True,
            ),
            Row("1.000894", heading="Đăng ký kết hôn", note="Hai người đều là công dân Việt Nam."),
            Row("2.000806", "or", note="Một trong hai người là người nước ngoài."),
            Row("1.004746", note="Sổ gốc và bản chính đều đã mất.", optional=True),
            Row("1.004222", note="Một người chuyển về ở cùng người kia.", optional=True),
        ),
    ),
    Event(
        "cu-tru",
        "Cư trú",
        "nhập hộ khẩu, ở trọ",
        "residence",
        "đăng ký thường trú, tạm trú",
        "Ở lâu dài thì đăng ký thường trú. Thuê trọ, đi làm, đi học nơi khác từ 30 ngày trở lên "
        "thì đăng ký tạm trú.",
        (
            Row("1.004222", heading="Đăng ký nơi ở mới", note="Chuyển đến ở lâu dài."),
            Row("1.004194", "or", note="Thuê trọ hoặc ở tạm từ 30 ngày trở lên."),
            Row("2.001159", "or", note="Khách ở lại dưới 30 ngày.", optional=True),
            Row("1.002755", note="Sắp hết hạn tạm trú mà còn ở tiếp.", optional=True),
            Row("1.003197", note="Đã chuyển đi hẳn, ra nước ngoài định cư.", optional=True),
        ),
    ),
    Event(
        "nha-dat",
        "Nhà đất",
        "sổ đỏ, xây nhà",
        "land",
        "giấy chứng nhận quyền sử dụng đất",
        "Mua bán, tặng cho, thừa kế nhà đất thì sang tên. Xây hoặc sửa nhà thì xin phép trước.",
        (
            Row("1.013978", heading="Có sổ đỏ", note="Đất đang ở chưa có giấy chứng nhận."),
            Row("1.013831", "or", note="Sang tên khi mua bán, tặng cho, thừa kế."),
            Row("1.012783", "or", note="Đổi sổ cũ, rách nát sang sổ mới.", optional=True),
            Row("1.013225", heading="Xây, sửa nhà", note="Xây nhà mới."),
            Row("1.013229", "or", note="Sửa chữa, cải tạo nhà đang có.", optional=True),
        ),
    ),
    Event(
        "kinh-doanh",
        "Kinh doanh",
        "mở quán, hộ kinh doanh",
        "business",
        "đăng ký hộ kinh doanh",
        "Mở cửa hàng, quán ăn thì đăng ký hộ kinh doanh trước. Bán đồ ăn uống thì cần thêm giấy "
        "an toàn thực phẩm, trừ những trường hợp được miễn.",
        (
            Row("1.001612", heading="Đăng ký hộ kinh doanh"),
            Row("1.013855", note="Quán ăn, chế biến thực phẩm.", optional=True),
            Row("2.000720", note="Đổi tên, địa chỉ, ngành nghề.", optional=True),
            Row("1.001570", heading="Khi nghỉ", note="Nghỉ một thời gian.", optional=True),
            Row("1.001266", "or", note="Thôi kinh doanh hẳn.", optional=True),
        ),
    ),
    Event(
        "chung-thuc",
        "Chứng thực",
        "sao y, chữ ký",
        "copies",
        "chứng thực bản sao",
        "Mang bản chính theo. Làm được ở bất kỳ xã, phường nào.",
        (
            Row("2.000815", heading="Việc cần chứng thực", note="Sao y giấy tờ có bản chính."),
            Row("2.000884", "or", note="Chứng thực chữ ký trên giấy tờ của mình."),
            Row("2.001035", "or", note="Hợp đồng, giao dịch về nhà, đất, động sản.", optional=True),
            Row("2.001019", "or", note="Di chúc.", optional=True),
            Row("2.000635", note="Mất bản chính giấy khai sinh, kết hôn.", optional=True),
        ),
    ),
    Event(
        "nguoi-than-mat",
        "Người thân mất",
        "khai tử, mai táng phí",
        "death",
        "đăng ký khai tử",
        "Trong 15 ngày kể từ ngày mất, người thân đi đăng ký khai tử. Có giấy khai tử rồi mới xin "
        "các khoản hỗ trợ và làm việc thừa kế.",
        (
            Row("1.000656", heading="Đăng ký khai tử"),
            Row(
                "1.014028",
                heading="Hỗ trợ chi phí mai táng",
                note="Người mất đang hưởng trợ cấp hưu trí xã hội.",
                optional=True,
            ),
            Row("1.001731", "or", note="Người mất đang hưởng trợ cấp bảo trợ xã hội."),
            Row("2.000821", "or", note="Người mất đóng bảo hiểm xã hội: chế độ tử tuất."),
            Row("1.013831", note="Người mất để lại nhà đất: sang tên thừa kế.", optional=True),
        ),
    ),
    Event(
        "tro-cap",
        "Trợ cấp",
        "người già, khuyết tật",
        "support",
        "trợ cấp hưu trí xã hội",
        "Tuỳ hoàn cảnh, mỗi người hưởng một khoản phù hợp. Hỏi xã, phường nếu chưa rõ.",
        (
            Row("1.014027", heading="Người cao tuổi", note="Không có lương hưu."),
            Row(
                "1.001699",
                heading="Người khuyết tật",
                note="Xin giấy xác nhận trước khi xin trợ cấp.",
            ),
            Row("1.001653", "and", note="Giấy xác nhận hỏng, mất.", optional=True),
            Row(
                "1.011607",
                heading="Hộ nghèo, cận nghèo",
                note="Gia đình gặp khó khăn trong năm.",
            ),
        ),
    ),
)
