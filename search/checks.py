"""System checks of the search: a wrong order of apps must fail ``check``, not a citizen."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register


@register
def search_stands_first(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """haystack and Wagtail both own ``update_index``: the first app wins, and must be ours."""
    apps = list(settings.INSTALLED_APPS)
    ours = next((i for i, name in enumerate(apps) if name.split(".")[0] == "search"), len(apps))
    late = [name for name in apps[:ours] if name.startswith(("haystack", "wagtail.search"))]
    if not late and ours < len(apps):
        return []
    return [
        Error(
            "'search' must stand before haystack and wagtail.search in INSTALLED_APPS.",
            hint="Otherwise update_index and rebuild_index are not ours.",
            id="search.E001",
        )
    ]


@register(Tags.database)
def search_server_answers(
    app_configs: Any, databases: Any = None, **kwargs: Any
) -> list[CheckMessage]:
    """``check --database default`` and ``migrate`` tell when the search server cannot be asked.

    A warning: it must not hold up a migration of another database.
    """
    from search.worker import backend

    if not databases:
        return []
    problem = backend().store.problem()
    if not problem:
        return []
    return [Warning(f"SEARCH_URL: {problem}", id="search.W002")]
