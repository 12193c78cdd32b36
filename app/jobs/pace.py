"""How often the worker looks and gives signs of life."""

from typing import NamedTuple


class Pace(NamedTuple):
    """Times in seconds."""

    poll: float = 1.0  # between two looks into an empty queue
    beat: float = 4.0  # between two heartbeats
    silence: float = 30.0  # without a heartbeat before a job is suspect
    watch: float = 12.0  # how long a suspect job is watched before it is taken for lost
    rest: float = 5.0  # after the database failed
