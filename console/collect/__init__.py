"""Polling: the schedule, the poll, the ingest and the back-fill. Knows no Qt and no vendor."""
