"""How a citizen finds a procedure."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Django app of the search."""

    name = "search"
    verbose_name = "Tìm kiếm"

    def ready(self) -> None:
        """Register the system checks."""
        from search import checks  # noqa: F401 - importing registers them
