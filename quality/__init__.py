"""Counts and discrepancies to rates, intervals and miss patterns: pure statistics that do not mislead."""
