"""Final Cut Pro's XML, step by step.

`document` parses it, `retime` says which time of its source a clip shows, `story` lays out what
lies where as `pieces`, `tracks` turns these into OpenTimelineIO. Times are exact fractions of a
second until `tracks`.
"""
