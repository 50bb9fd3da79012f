"""Timelines to questions, and matches to timelines, markers and tables, in OpenTimelineIO.

Read a timeline (`reading`), find the shot that is meant (`locate`), and write the answer back:
markers on the editor's own timeline, a timeline of candidates (`writing`), a table (`spreadsheet`).
Every error is a `TimelineError`. Nothing here knows the rest of matchcut.
"""
