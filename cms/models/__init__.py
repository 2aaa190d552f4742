"""Models of what is published, one concept a module."""

from cms.models.calendar import WorkingDayChange
from cms.models.city import CitySettings
from cms.models.counters import Counter, new_counter_code, normal_code
from cms.models.fields import Field
from cms.models.jobs import ImportRow, Job, JobFile
from cms.models.life_events import LifeEvent, LifeEventRow
from cms.models.national import ImportConflict, NationalRecord
from cms.models.office_uploads import OfficeUpload
from cms.models.officers import Handling, Officer, OfficerAbsence
from cms.models.offices import Office, OfficeHours, OfficeIndexPage
from cms.models.procedures import HomePage, ProcedureIndexPage, ProcedurePage
from cms.models.publishing import EditorScope, IncompletePublication, ReviewTask
from cms.models.reviews import ReviewReminder
from cms.models.stamps import CacheStamp
from cms.models.versions import PublicVersion

__all__ = [
    "CacheStamp",
    "CitySettings",
    "Counter",
    "EditorScope",
    "Field",
    "Handling",
    "HomePage",
    "ImportConflict",
    "ImportRow",
    "IncompletePublication",
    "Job",
    "JobFile",
    "LifeEvent",
    "LifeEventRow",
    "NationalRecord",
    "Office",
    "OfficeHours",
    "OfficeIndexPage",
    "OfficeUpload",
    "Officer",
    "OfficerAbsence",
    "ProcedureIndexPage",
    "ProcedurePage",
    "PublicVersion",
    "ReviewReminder",
    "ReviewTask",
    "WorkingDayChange",
    "new_counter_code",
    "normal_code",
]
