"""What gunicorn and the `flask` command start."""

import sys

from app import create_app
from app.config import Config, has_settings

# The one command that needs nothing but files, so that receipts can be checked on any machine.
OFFLINE = ["audit", "verify-receipt"]

is_offline = sys.argv[1:3] == OFFLINE and not has_settings()
app = create_app(Config.without_database() if is_offline else None)
