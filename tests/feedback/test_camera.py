"""The printed codes before a bad camera: small, blurred, noisy and tilted (rating.md §2).

Sheets and slips are rendered from their PDF. Each code is scaled so that it is 120 pixels wide,
tilted as a hand holds a phone, blurred by σ 0.9 px and covered with noise; ZXing has to read it.
The whole gate takes half a minute: ``CAMERA_SHOTS=400 pytest -s tests/feedback/test_camera.py``.
"""

from __future__ import annotations

import io
import math
import os
import sys
from datetime import date

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageFilter

from cms.qr import make_code
from feedback.models import PosterCode, SlipRoll
from feedback.printing.qr import CODE_MM, address_of
from feedback.printing.sheets import write_sheets
from feedback.printing.slips import PAPERS, roll_slips, write_slips
from tests.factories import make_counter, make_office

#: Width of the whole code in camera pixels, blur in pixels, noise (grey levels, of 255).
PIXELS, BLUR, NOISE = 120, 0.9, 8.0
#: A hand holds a phone turned by so many degrees, and one edge that much nearer than the other.
TURN, LEAN = 12.0, 0.10
#: Share that must be read.
GATE = 0.98
SHOTS = int(os.environ.get("CAMERA_SHOTS", "12"))
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

pytestmark = pytest.mark.django_db


@pytest.fixture
def counter(settings):
    # As long as addresses get: 33 modules for posters at level H, and for slips at level Q.
    settings.PUBLIC_URL = "https://danhgia.thanhpho.gov.vn"
    return make_counter(make_office("Chi nhánh số 1"), name="Quầy 3: Hộ tịch, chứng thực")


def shot(page: Image.Image, box: tuple[float, ...], dice: np.random.Generator) -> Image.Image:
    """What a camera sees of the code in ``box`` (left, top, right, bottom in pixels of the page),
    with some paper around."""
    left, top, right, bottom = box
    middle = np.array([(left + right) / 2, (top + bottom) / 2])
    scale = (right - left) / PIXELS  # pixels of the page in one of the camera
    size = PIXELS * 2
    angle = math.radians(dice.uniform(-TURN, TURN))
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    half = size / 2
    corners = np.array([[-half, -half], [half, -half], [half, half], [-half, half]])
    lean = 1 + dice.uniform(-LEAN, LEAN, 2)
    # Perspective: the upper edge is lean[0] as long as the middle, the left one lean[1].
    shaped = corners * np.array(
        [
            [lean[0], lean[1]],
            [lean[0], 1 / lean[1]],
            [1 / lean[0], 1 / lean[1]],
            [1 / lean[0], lean[1]],
        ]
    )
    source = shaped @ turn.T * scale + middle + dice.uniform(-0.5, 0.5, 2) * scale
    seen = page.transform(
        (size * 3, size * 3),
        Image.Transform.PERSPECTIVE,
        _perspective(corners * 3 + half * 3, source),
        Image.Resampling.BICUBIC,
        fillcolor=255,
    ).resize((size, size), Image.Resampling.BOX)
    seen = seen.filter(ImageFilter.GaussianBlur(BLUR))
    grey = np.asarray(seen, dtype=float) * 0.72 + 30  # no paper is white, no ink black
    noisy = grey + dice.normal(0, NOISE, grey.shape)
    return Image.fromarray(noisy.clip(0, 255).astype(np.uint8))


def _perspective(target: np.ndarray, source: np.ndarray) -> list[float]:
    """Pillow's eight numbers that take ``target`` points to ``source`` points."""
    rows, values = [], []
    for (x, y), (u, v) in zip(target, source, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return list(np.linalg.solve(np.array(rows), np.array(values)))


def boxes(page: Image.Image) -> list[tuple[tuple[float, ...], str]]:
    """Where the codes of a rendered page are, and what they say."""
    found = []
    for one in zxingcpp.read_barcodes(page):
        at = one.position
        points = (at.top_left, at.top_right, at.bottom_left, at.bottom_right)
        xs, ys = [p.x for p in points], [p.y for p in points]
        found.append(((min(xs), min(ys), max(xs) + 1, max(ys) + 1), one.text))
    return found


def share_read(data: bytes, shots: int, seed: int) -> tuple[float, int]:
    """(share of shots that were read rightly, codes in the file)."""
    dice = np.random.default_rng(seed)
    pages = [
        page.render(scale=150 / 72).to_pil().convert("L") for page in pypdfium2.PdfDocument(data)
    ]
    codes = [(page, *found) for page in pages for found in boxes(page)]
    read = 0
    for number in range(shots):
        page, box, text = codes[number % len(codes)]
        seen = zxingcpp.read_barcodes(shot(page, box, dice))
        read += [one.text for one in seen] == [text]
    return read / shots, len(codes)


def tell(line: str) -> None:
    """The figure, for those who run this with -s."""
    sys.stdout.write(f"\n{line}\n")


def a_code(dice: np.random.Generator, length: int) -> str:
    return "".join(ALPHABET[n] for n in dice.integers(0, 32, length))


@pytest.mark.parametrize("size", sorted(CODE_MM))
def test_posters_are_read(counter, size):
    dice = np.random.default_rng(7)
    posters = [
        PosterCode(counter=counter, code=a_code(dice, 7), issued_on=date(2026, 11, 23))
        for _ in range(max(4, SHOTS // 10))
    ]
    assert make_code(address_of(posters[0].code)).size == 33
    file = io.BytesIO()
    write_sheets(posters, file, size=size)
    share, codes = share_read(file.getvalue(), SHOTS, seed=11)
    tell(f"posters {size}: {share:.1%} of {SHOTS} shots of {codes} codes")
    assert codes == len(posters)
    assert share >= GATE


@pytest.mark.parametrize("paper", sorted(PAPERS))
def test_slips_are_read(counter, paper):
    dice = np.random.default_rng(7)
    number = max(4, SHOTS // 10)
    roll = SlipRoll(counter=counter, day=date(2026, 11, 24), number=1, slips=number)
    codes = [a_code(dice, 26) for _ in range(number)]
    assert make_code(address_of(codes[0]), level="Q").size == 33
    file = io.BytesIO()
    write_slips(roll_slips(roll, codes), file, paper=paper)
    share, found = share_read(file.getvalue(), SHOTS, seed=13)
    tell(f"slips {paper}: {share:.1%} of {SHOTS} shots of {found} codes")
    assert found == number
    assert share >= GATE
