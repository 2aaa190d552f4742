"""How each demo counter is visited and judged; read by the generator in ratings.py."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """A busy counter.

    ``per_day`` is the mean number of ratings on a working day; the four items are mean levels on
    the scale 1–5; ``swing`` is how far the means move with the seasons, ``peak`` the day of the
    year on which they are best; ``shares`` are the parts of receipt, display and poster.
    """

    per_day: float
    attitude: float
    time: float
    clarity: float
    fees: float
    swing: float = 0.1
    peak: int = 200
    shares: tuple[float, float, float] = (0.5, 0.3, 0.2)


#: Counter code → profile. Land and building are slow, certification is quick and liked.
PROFILES = {
    "DEMH0T1": Profile(15, 4.35, 4.15, 4.25, 4.4, swing=0.15, peak=250),
    "DEMCT02": Profile(19, 4.6, 4.6, 4.55, 4.5, shares=(0.35, 0.4, 0.25)),
    "DEMDD03": Profile(13, 3.55, 2.95, 3.35, 3.7, swing=0.2, peak=320, shares=(0.6, 0.2, 0.2)),
    "DEMXD04": Profile(9, 3.95, 3.4, 3.6, 3.9, shares=(0.6, 0.25, 0.15)),
    "DEMKD05": Profile(11, 4.3, 4.3, 4.2, 4.0, peak=120),
    "DEMCR06": Profile(17, 4.2, 3.9, 4.05, 4.3, swing=0.2, peak=60, shares=(0.45, 0.4, 0.15)),
    "DEMHT21": Profile(11, 4.5, 4.35, 4.45, 4.45, peak=150),
    "DEMCR22": Profile(12, 3.85, 3.7, 3.7, 4.1, swing=0.15, peak=300),
    "DEMDD23": Profile(8, 4.05, 3.5, 3.9, 3.9, swing=0.15, peak=20, shares=(0.6, 0.2, 0.2)),
    "DEMBT24": Profile(9, 4.45, 4.0, 4.3, 4.6, shares=(0.55, 0.15, 0.3)),
}


@dataclass(frozen=True)
class Sparse:
    """A counter with a fixed number of ratings in every ``every``-th month, by channel."""

    receipt: int
    display: int
    poster: int
    profile: Profile
    every: int = 1


#: Two counters of the small reception point, so that a visitor sees what thin data look like.
#: Five a month in each of two channels make a bin of their own (fewer would wait for the next
#: month) and reach n = 10 with the first finished month; with a half-life of 90 days their weight
#: stays below 6.5 / (1 − 2^(−30/90)) ≈ 32 < 35, however long the demo goes on: "few".
#: One in every other month never makes 10 within 365 days: "hidden".
SPARSE = {
    "DEMHT31": Sparse(5, 0, 5, Profile(0, 4.4, 4.2, 4.2, 4.4)),
    "DEMBT32": Sparse(1, 0, 0, Profile(0, 4.2, 4.0, 4.0, 4.2), every=2),
}

#: What people write, by how they judged the attitude; held back like every comment.
COMMENTS = {
    "low": (
        "Tôi hỏi mấy lần mới được trả lời, giọng nói khó chịu.",
        "Phải đi lại ba lần vì mỗi lần lại báo thiếu một giấy khác.",
        "Quá ngày hẹn hai hôm mà không ai báo cho tôi.",
        "Ngồi chờ gần hai tiếng, quầy mở mà không gọi số.",
        "Cán bộ vừa làm vừa nghe điện thoại riêng.",
        "Không ai giải thích vì sao hồ sơ bị trả lại.",
        "Nhân viên nói to trước mặt mọi người, tôi thấy ngại.",
    ),
    "middle": (
        "Cán bộ bình thường, chỉ mong bớt thời gian chờ.",
        "Hướng dẫn được nhưng nói hơi nhanh, người già khó theo.",
        "Nên có thêm ghế và quạt ở chỗ chờ.",
        "Bảng giá lệ phí chữ nhỏ quá.",
        "Nộp trực tuyến còn rắc rối, tôi phải nhờ con làm giúp.",
    ),
    "high": (
        "Cán bộ nhiệt tình, hướng dẫn một lần là làm được ngay.",
        "Cảm ơn các cô chú, nhanh hơn tôi nghĩ.",
        "Mẹ tôi lớn tuổi được đưa lên làm trước, rất quý.",
        "Đúng hẹn, giải thích rõ khoản nào phải nộp.",
        "Làm xong trong buổi sáng, không phải quay lại.",
        "Thái độ lịch sự, hỏi gì cũng trả lời.",
        "Có nhắn tin báo kết quả trước hẹn một ngày, tiện lắm.",
    ),
}
