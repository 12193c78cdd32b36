"""Who waits for whom, on a database that lets several write at once.

SQLite lets one transaction write at a time, so that there is nothing to do. On PostgreSQL a lock
lasts until the transaction ends.
"""

import hashlib

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def one_at_a_time(session: Session, name: str) -> None:
    """Wait until no other transaction works on *name*, such as `import nr6`."""
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
        session.execute(select(func.pg_advisory_xact_lock(number)))
