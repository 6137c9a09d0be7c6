"""Dates and numbers in Arabic: 24 hours, weeks from Monday, months in the form used with a day.

The digits are those on everything else in Poland.
"""

DATE_FORMAT = "j E Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j E Y، H:i"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j E"
SHORT_DATE_FORMAT = "d.m.Y"
SHORT_DATETIME_FORMAT = "d.m.Y، H:i"
FIRST_DAY_OF_WEEK = 1
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y"]
TIME_INPUT_FORMATS = ["%H:%M", "%H:%M:%S", "%H.%M"]
DATETIME_INPUT_FORMATS = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M"]
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3

# Formats that templates write out are looked up here first: they get the Arabic comma.
_WRITTEN_OUT = [
    "l, j E Y, H:i",
    "l, j E, H:i",
    "l, j E Y",
    "l, j E",
    "j E Y, H:i",
    "j E, H:i",
    "j M, H:i",
    "D j M, H:i",
    "D j E, H:i",
]
globals().update({written: written.replace(",", "،") for written in _WRITTEN_OUT})
