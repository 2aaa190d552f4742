"""How a citizen finds a procedure."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Django app of the search."""

    name = "search"
    verbose_name = "Tìm kiếm"
