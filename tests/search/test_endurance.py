"""Whatever is asked, an answer comes."""

from __future__ import annotations

import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search import worker
from search.finder import find, suggest
from tests.factories import make_procedure
from tests.search.conftest import kept_index
from tests.shared import shared_rows

pytestmark = pytest.mark.django_db

_MARKS = st.characters(categories=["Mn", "Mc", "Me"])
_ODD = st.sampled_from(
    ["\ud800", "\udfff", "\u202e", "\u200d", "\u200f", "👨‍👩‍👧‍👦", "ﷺ", "ấ", "a\u0302\u0301",
     "\x00", "'", '"', "*", "(", "AND", "1.000", "İ", "ẞ", "đăng ký", "khai sinh", " "]
)  # fmt: skip
#: Text of any kind, floods of marks on one letter, odd pieces one after the other.
TYPED = (
    st.text(st.characters(), max_size=300)
    | st.text(_MARKS, max_size=400).map(lambda marks: "a" + marks)
    | st.lists(_ODD, max_size=120).map("".join)
    | st.tuples(_ODD, st.integers(1, 8000)).map(lambda pair: (pair[0] * pair[1])[:8000])
)


@shared_rows
def three():
    """Three procedures, and the folder of their index."""
    make_procedure("1.001193", title="Thủ tục đăng ký khai sinh")
    make_procedure("1.000656", title="Thủ tục đăng ký khai tử")
    make_procedure("2.000002", title="Hoà giải tranh chấp đất đai")
    return kept_index()


@pytest.fixture
def asked(index, three):
    """Three procedures, indexed."""
    shutil.copytree(three, worker.backend().store.path)


_SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@_SHARED
@given(typed=TYPED)
def test_no_text_breaks_a_search(asked, typed):
    find(typed)
    find(typed, exact=True)
    suggest(typed)


@_SHARED
@given(typed=TYPED)
def test_no_text_breaks_the_page_or_the_json(asked, typed):
    from django.test import Client

    client = Client()
    query = {"q": typed.encode("utf-8", "surrogatepass")}
    for path in ("/tim-kiem/", "/api/v1/search/", "/api/v1/suggest/"):
        assert client.get(path, query).status_code == 200
