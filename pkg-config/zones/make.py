"""Make src/time/zones.txt from the time zone files of this machine: `python3 pkg-config/zones/make.py > src/time/zones.txt`.

Each compiled zone file ends with the POSIX rule that holds from its last listed change on. The rules are written
without the abbreviations, which nothing here shows, and zones of one rule stand in one line.
"""

import os
import re
import struct
import time
import zoneinfo

BASE = "/usr/share/zoneinfo"
#: Zones whose changes follow no POSIX rule get their changes of these years, as far as the data lists them.
YEARS = range(2025, 2041)

NAME = r"(?:<[^>]*>|[A-Za-z]+)"
OFFSET = r"[+-]?\d+(?::\d+)?"
RULE = re.compile(rf"^{NAME}({OFFSET})(?:{NAME}({OFFSET})?,(.*))?$")


def east(posix):
    """A POSIX offset (positive is west of Greenwich) in minutes east."""
    sign = 1 if posix.startswith("-") else -1
    hours, _, minutes = posix.lstrip("+-").partition(":")
    return sign * (int(hours) * 60 + int(minutes or 0))


def iso(minutes):
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"


def read(name):
    """The POSIX rule of a zone, and its listed changes as (seconds since 1970, offset in seconds)."""
    with open(os.path.join(BASE, name), "rb") as file:
        data = file.read()

    def block(at, width):
        isut, isstd, leap, times, types, chars = struct.unpack(">6l", data[at + 20 : at + 44])
        start = at + 44
        end = start + times * (width + 1) + types * 6 + chars + leap * (width + 4) + isstd + isut
        return start, times, types, end

    _, _, _, second = block(0, 4)
    start, times, types, end = block(second, 8)
    moments = struct.unpack(f">{times}q", data[start : start + 8 * times])
    kinds = data[start + 8 * times : start + 9 * times]
    at = start + 9 * times
    offsets = [struct.unpack(">l", data[at + 6 * k : at + 6 * k + 4])[0] for k in range(types)]
    return data[end:].decode().strip(), [(moment, offsets[kind]) for moment, kind in zip(moments, kinds)]


def rule(name):
    posix, changes = read(name)
    standard, daylight, dates = RULE.match(posix).groups()
    standard = east(standard)
    late = [(at, offset) for at, offset in changes if time.gmtime(at).tm_year in YEARS]
    if dates is None and len(late) > 2:
        assert all(at % 86400 == 7200 for at, _ in late), name
        assert [offset for _, offset in late] == [0, standard * 60] * (len(late) // 2), name
        days = ",".join(time.strftime("%y%m%d", time.gmtime(at)) for at, _ in late)
        return f"{iso(standard)}{iso(0)},{days}"
    if dates is None:
        return iso(standard)
    daylight = east(daylight) if daylight else standard + 60
    return f"{iso(standard)}{iso(daylight)},{dates.replace('M', '')}"


def main():
    lines = {}
    for name in sorted(zoneinfo.available_timezones() - {"Factory", "localtime"}):
        area, _, place = name.rpartition("/")
        lines.setdefault(rule(name), {}).setdefault(area, []).append(place)
    version = open(os.path.join(BASE, "tzdata.zi")).readline().split()[-1]
    print(f"# Time zones of the IANA database (public domain), release {version}; made by pkg-config/zones/make.py.")
    print("# Offset from UTC; where clocks change: daylight offset, first and last change in a year as POSIX writes them")
    print("# (month.week.weekday/time, 02:00 if not said), or the days of all changes at 02:00 UTC; then AREA/NAME,NAME ….")
    for rule_text, areas in sorted(lines.items()):
        print(rule_text, *(f"{area}/{','.join(places)}" for area, places in sorted(areas.items())))


main()
