"""Import of procedures: sources → raw records → parsing → typed values → writing → pages."""

from cms.importing.writing import Result, import_records

__all__ = ["Result", "import_records"]
