"""For every test: none inherits the language that another one's request left active."""

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _language_of_the_settings() -> Iterator[None]:
    yield
    translation.deactivate()
