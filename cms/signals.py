"""Signals other rooms listen to; cms itself imports none of them."""

from django.dispatch import Signal

#: Live procedures were written in bulk, past Wagtail's page_published: ``page_ids: list[int]``.
#: Sent inside the writing transaction, so a listener's own rows commit or vanish with it.
procedures_changed = Signal()
