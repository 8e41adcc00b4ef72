"""Readers of report files, one module a format; each yields ``ReportRow``s."""

from pipelines.report_files.formats import FORMATS, report_rows

__all__ = ["FORMATS", "report_rows"]
