"""Who is named on a notice: those assigned and employed, whether or not they are in today.

A page says who is on duty this morning (cms/people.py). Paper hangs for weeks: one day's leave
must not take the responsible officer off the wall, and a stand-in of one day must not get onto it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cms.models import Handling, Office, Officer, ProcedurePage
from cms.people import Roster, leaders_of


@dataclass(frozen=True)
class Post:
    """A counter and the officers assigned there for the procedure."""

    counter: str
    officers: tuple[Officer, ...]


@dataclass(frozen=True)
class Posts:
    """The counters with officers first; ``head`` is whom to ring when no officer is assigned."""

    posts: tuple[Post, ...]
    head: Officer | None = None

    @property
    def officers(self) -> list[Officer]:
        """Every officer once."""
        return list({one.pk: one for post in self.posts for one in post.officers}.values())


def posts_for(page: ProcedurePage, office: Office, day: date) -> Posts:
    """Who is assigned to the procedure at the office on that day: three queries at most.

    Assignments that name the procedure win over those of its field, unless nobody employed is
    left among them.
    """
    roster = Roster([office.pk], day)
    rows = list(Handling.objects.for_procedures([page.code], [page.field_id], office.pk, day))
    posts = _posts([row for row in rows if row.procedure_code], roster)
    if not any(post.officers for post in posts):
        posts = _posts(rows, roster)
    posts.sort(key=lambda post: not post.officers)
    if any(post.officers for post in posts):
        return Posts(tuple(posts))
    return Posts(tuple(posts), next(iter(leaders_of(office, day)), None))


def _posts(rows: list[Handling], roster: Roster) -> list[Post]:
    counters: dict[int, tuple[str, dict[int, Officer]]] = {}
    for row in rows:
        _name, officers = counters.setdefault(row.counter_id, (row.counter.name, {}))
        if row.officer and roster.employed(row.officer):
            officers.setdefault(row.officer.pk, row.officer)
    return [Post(name, tuple(officers.values())) for name, officers in counters.values()]
