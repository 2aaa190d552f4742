"""What is published: procedures, fields, offices, counters, officers, who handles what where."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CmsConfig(AppConfig):
    """Django app of the published content."""

    name = "cms"
    verbose_name = "Nội dung công khai"

    def ready(self) -> None:
        """The pages above procedures and offices, and the first groups, exist after migrate."""
        from cms import (
            caching,
            editor_words,
            history,
            notifications,
            publishing,
            publishing_messages,
        )

        caching.connect()
        history.connect()
        publishing.install()
        publishing_messages.install()
        notifications.connect()
        from cms import import_job

        import_job.register()
        from cms.notices import making

        making.register()
        editor_words.label_columns()
        post_migrate.connect(_ensure_tree, sender=self)
        post_migrate.connect(editor_words.after_migrate, sender=editor_words.last_app())


def _ensure_tree(**_: Any) -> None:
    from cms.editor_words import name_rows
    from cms.groups import ensure_groups
    from cms.tree import ensure_tree

    ensure_tree()
    ensure_groups()
    name_rows()
