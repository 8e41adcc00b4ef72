"""Readers of report files, one module a format; each yields ``ReportRow``s."""
