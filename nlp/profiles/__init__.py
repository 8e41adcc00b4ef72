"""Coding conventions of particular data sets, kept apart from what a report says clinically."""
