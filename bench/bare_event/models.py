"""One row holds the event and its four answers: the cheapest way to keep them."""

from django.db import models


class Event(models.Model):
    """Four answers about a counter."""

    counter = models.CharField(max_length=8)
    attitude = models.PositiveSmallIntegerField()
    time = models.PositiveSmallIntegerField()
    clarity = models.PositiveSmallIntegerField()
    fees = models.PositiveSmallIntegerField()

    class Meta:
        app_label = "bare_event"

    def __str__(self) -> str:
        return self.counter
