"""Offices, counters, officers and assignments from a file: read, planned, then written.

:func:`plan` compares a file with the database and writes nothing: that is the dry run and the
preview. :func:`apply` writes what a plan found. Both are safe to repeat.
"""

from cms.importing_offices.planning import Plan, plan
from cms.importing_offices.sources import SourceRow, WrongFile, read
from cms.importing_offices.template import write_template
from cms.importing_offices.writing import apply

__all__ = ["Plan", "SourceRow", "WrongFile", "apply", "plan", "read", "write_template"]
