"""Models of what is published, one concept a module."""

from cms.models.city import CitySettings
from cms.models.fields import Field
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

__all__ = [
    "CitySettings",
    "Counter",
    "Field",
    "Handling",
    "HomePage",
    "Office",
    "OfficeHours",
    "OfficeIndexPage",
    "Officer",
    "ProcedureIndexPage",
    "ProcedurePage",
    "new_counter_code",
    "normal_code",
]
