"""Which changes make an index entry out of date."""

from haystack.signals import BaseSignalProcessor


class QueueingSignalProcessor(BaseSignalProcessor):
    """Placeholder until the queue is wired."""
