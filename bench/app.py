"""Canopy as the benchmarks serve it: forms of their own, and as many sign-ins as they need.

BENCH_FORMS=… gunicorn --config gunicorn.conf.py bench.app:app
"""

import os
from dataclasses import replace
from pathlib import Path

from app import create_app
from app.config import Config

app = create_app(
    replace(Config.from_env(), FORMS_DIR=Path(os.environ["BENCH_FORMS"]), LIMITS_ENABLED=False)
)
