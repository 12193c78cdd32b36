"""When something is due, in words for whoever reads: in the Party's time and in Montreal's."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

from babel.core import get_global

from app.models.base import now
from app.models.collection import Collection
from app.models.deadlines import due_at, grace_ends_at
from app.models.party import Party
from app.wording.values import moment_in

MONTREAL: Final = ZoneInfo("America/Toronto")  # where the Secretariat is; it has Toronto's time
BRUSSELS: Final = "Europe/Brussels"  # the time of the European Union, which has no zone of its own


@dataclass(frozen=True, slots=True)
class Clocks:
    """One moment as clocks show it."""

    at: datetime
    in_montreal: str
    first: str  # the earliest reading in the Party's zones; empty if they are not known
    last: str  # the latest one; the same where the Party has one time


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a collection is due."""

    due: Clocks
    grace: Clocks | None  # the end of the grace period
    phase: Literal["ahead", "grace", "over"]


def deadline_of(collection: Collection, party: Party | None = None) -> Deadline | None:
    """Return when *collection* is due, for *party*; None without a due date."""
    due, grace = due_at(collection), grace_ends_at(collection)
    if due is None:
        return None
    moment = now()
    last = grace or due
    phase: Literal["ahead", "grace", "over"] = (
        "ahead" if moment <= due else "grace" if moment <= last else "over"
    )
    zones = _zones(party.iso_alpha2) if party else ()
    return Deadline(_clocks(due, zones), _clocks(grace, zones) if grace else None, phase)


def _clocks(moment: datetime, zones: tuple[ZoneInfo, ...]) -> Clocks:
    local = sorted({moment.astimezone(zone).replace(tzinfo=None) for zone in zones})
    by_reading = {moment.astimezone(zone).replace(tzinfo=None): zone for zone in zones}
    said = [moment_in(moment, by_reading[reading]) for reading in local]
    return Clocks(
        at=moment,
        in_montreal=moment_in(moment, MONTREAL),
        first=said[0] if said else "",
        last=said[-1] if said else "",
    )


@cache
def _zones(alpha2: str) -> tuple[ZoneInfo, ...]:
    """Return the time zones of a territory, as CLDR names them; none if it has none."""
    names = get_global("territory_zones").get(alpha2, [BRUSSELS] if alpha2 == "EU" else [])
    return tuple(ZoneInfo(name) for name in names)
