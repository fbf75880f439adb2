"""The report of one run: its numbers, map, charts and sources -> one HTML file that needs no network."""

from .data import ReportData
from .page import report_html, write_report

__all__ = ["ReportData", "report_html", "write_report"]
