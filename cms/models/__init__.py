"""Models of what is published, one concept a module."""

from cms.models.city import CitySettings
from cms.models.fields import Field
from cms.models.jobs import ImportRow, Job, JobFile
from cms.models.offices import (
    Counter,
    Handling,
    Office,
    OfficeHours,
    OfficeIndexPage,
    Officer,
    new_counter_code,
    normal_code,
)
from cms.models.procedures import HomePage, ProcedureIndexPage, ProcedurePage
from cms.models.stamps import CacheStamp

__all__ = [
    "CacheStamp",
    "CitySettings",
    "Counter",
    "Field",
    "Handling",
    "HomePage",
    "ImportRow",
    "Job",
    "JobFile",
    "Office",
    "OfficeHours",
    "OfficeIndexPage",
    "Officer",
    "ProcedureIndexPage",
    "ProcedurePage",
    "new_counter_code",
    "normal_code",
]
