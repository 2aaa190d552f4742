"""Chứng thực."""

from __future__ import annotations

from functools import partial

from portal.demo.data.shape import (
    CITIZEN,
    COMMUNE,
    COMPANY,
    DIRECT,
    ORGANISATION,
    OTHER,
    OVERSEAS,
    everywhere,
    fee,
    paper,
    procedure,
    way,
)

_certify = partial(
    procedure,
    field="Chứng thực",
    issuer="Bộ Tư pháp",
)
_LAWS = ("23/2015/NĐ-CP", "280/2025/NĐ-CP", "01/2020/TT-BTP", "226/2016/TT-BTC")
_ID = paper("Thẻ căn cước, căn cước điện tử hoặc hộ chiếu còn hạn (xuất trình)")
_TITLE = paper(
    "Giấy chứng nhận quyền sở hữu, quyền sử dụng tài sản, nếu tài sản phải đăng ký",
    1,
    1,
)

RECORDS = [
    _certify(
        "2.000815",
        "Chứng thực bản sao từ bản chính giấy tờ, văn bản do cơ quan, tổ chức có thẩm quyền của "
        "Việt Nam; cơ quan, tổ chức có thẩm quyền của nước ngoài; cơ quan, tổ chức có thẩm quyền "
        "của Việt Nam liên kết với cơ quan, tổ chức có thẩm quyền của nước ngoài cấp hoặc chứng "
        "nhận",
        plain="Sao y bản chính",
        decision="3152/QĐ-BTP",
        page="019d2bfd-8e22-77ef-819f-e49460350904",
        levels=[COMMUNE, OTHER],
        audience=[CITIZEN, ORGANISATION, OVERSEAS],
        agency="Uỷ ban nhân dân cấp xã, tổ chức hành nghề công chứng, cơ quan đại diện ở nước "
        "ngoài",
        steps=[
            "Mang bản chính đến; có thể mang kèm bản chụp, hoặc nhờ nơi chứng thực chụp.",
            "Công chức đối chiếu từng trang của bản sao với bản chính.",
            "Người có thẩm quyền ký, đóng dấu lời chứng và ghi sổ.",
            "Nộp phí và nhận bản sao; được xin cả bản sao chứng thực điện tử.",
        ],
        ways=[
            way(
                DIRECT,
                None,
                "",
                fee(
                    2000,
                    "Mỗi trang cho hai trang đầu; từ trang thứ ba 1.000 đồng mỗi trang, tối đa "
                    "200.000 đồng mỗi bản.",
                ),
                note="Uỷ ban nhân dân cấp xã, tổ chức hành nghề công chứng. Trang tính theo "
                "bản chính.",
            ),
            way(
                DIRECT,
                None,
                "",
                fee(10, "Mỗi bản.", currency="USD"),
                note="Tại cơ quan đại diện Việt Nam ở nước ngoài.",
            ),
        ],
        papers=[paper("Bản chính giấy tờ, văn bản và bản cần chứng thực")],
        result="Bản sao được chứng thực từ bản chính",
        laws=_LAWS,
        keywords="sao y, công chứng photo, photo công chứng, chứng thực bản sao",
        requirements="Bản chính không tẩy xoá, không hư hỏng, không đóng dấu mật và không có nội "
        "dung trái pháp luật.",
    ),
    _certify(
        "2.000884",
        "Chứng thực chữ ký trong các giấy tờ, văn bản (áp dụng cho cả trường hợp chứng thực điểm "
        "chỉ và trường hợp người yêu cầu chứng thực không thể ký, không thể điểm chỉ được)",
        plain="Chứng thực chữ ký",
        decision="858/QĐ-BTP",
        page="019d2bfd-8e2e-7359-b42f-d5dc8d74741b",
        levels=[COMMUNE, OTHER],
        audience=[OVERSEAS, CITIZEN],
        agency="Uỷ ban nhân dân cấp xã, tổ chức hành nghề công chứng, cơ quan đại diện ở nước "
        "ngoài",
        steps=[
            "Mang giấy tờ chưa ký và căn cước đến quầy.",
            "Công chức kiểm tra người yêu cầu minh mẫn và hiểu nội dung mình ký.",
            "Ký (hoặc điểm chỉ) trước mặt công chức.",
            "Người có thẩm quyền ghi lời chứng, ký và đóng dấu; nộp phí và nhận lại giấy tờ.",
        ],
        ways=[
            way(
                DIRECT,
                None,
                "",
                fee(
                    10000, "Mỗi trường hợp: một hoặc nhiều chữ ký trong cùng một giấy tờ, văn bản."
                ),
                note="Uỷ ban nhân dân cấp xã, tổ chức hành nghề công chứng.",
            ),
            way(
                DIRECT,
                None,
                "",
                fee(10, "Mỗi bản.", currency="USD"),
                note="Tại cơ quan đại diện Việt Nam ở nước ngoài.",
            ),
        ],
        papers=[_ID, paper("Giấy tờ, văn bản cần chứng thực chữ ký")],
        result="Giấy tờ, văn bản được chứng thực chữ ký hoặc điểm chỉ",
        laws=_LAWS,
        keywords="xác nhận chữ ký, chứng thực sơ yếu lý lịch, công chứng chữ ký",
    ),
    _certify(
        "2.001035",
        "Chứng thực giao dịch liên quan đến tài sản là động sản, quyền sử dụng đất, nhà ở",
        plain="Chứng thực hợp đồng mua bán, tặng cho",
        decision="858/QĐ-BTP",
        page="019d2bfd-95fa-70ca-93fd-4cab11b87897",
        levels=[COMMUNE],
        audience=[CITIZEN, COMPANY, ORGANISATION],
        agency="Uỷ ban nhân dân xã, phường",
        steps=[
            "Các bên soạn hợp đồng hoặc văn bản giao dịch và thống nhất nội dung.",
            "Cùng mang giấy tờ tuỳ thân và giấy tờ về tài sản đến quầy.",
            "Công chức kiểm tra giấy tờ và sự tự nguyện của các bên.",
            "Các bên ký từng trang trước mặt công chức; người có thẩm quyền ký lời chứng.",
        ],
        ways=everywhere(
            None,
            "",
            fee(
                50000,
                "Mỗi giao dịch. Cá nhân, hộ gia đình thế chấp để vay vốn nông nghiệp, nông thôn "
                "thì không phải nộp.",
            ),
        ),
        papers=[paper("Dự thảo hợp đồng, giao dịch"), _ID, _TITLE],
        result="Giao dịch được chứng thực",
        laws=(*_LAWS, "18/2026/NĐ-CP"),
        keywords="công chứng mua bán xe, chứng thực hợp đồng, tặng cho đất, mua bán nhà đất",
    ),
    _certify(
        "2.001019",
        "Chứng thực di chúc",
        plain="Lập di chúc có chứng thực",
        decision="858/QĐ-BTP",
        page="019d2bfd-95f0-7610-845f-c097f144bd55",
        levels=[COMMUNE],
        audience=[CITIZEN, ORGANISATION, COMPANY],
        agency="Uỷ ban nhân dân xã, phường",
        steps=[
            "Tự viết hoặc soạn sẵn di chúc; không được nhờ người khác lập di chúc thay mình.",
            "Mang giấy tờ tuỳ thân và giấy tờ tài sản đến quầy.",
            "Công chức kiểm tra người lập minh mẫn, không bị ép buộc.",
            "Ký từng trang trước mặt công chức, nộp phí và nhận di chúc đã chứng thực.",
        ],
        ways=everywhere(None, "", fee(50000, "Mỗi di chúc.")),
        papers=[paper("Dự thảo di chúc"), _ID, _TITLE],
        result="Di chúc được chứng thực",
        laws=(*_LAWS, "18/2026/NĐ-CP"),
        keywords="làm di chúc, di chúc thừa kế, để lại tài sản",
    ),
]
