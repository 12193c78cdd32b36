"""What Canopy is compared with: a bare page, and a bare post that keeps one row durably.

    gunicorn --config bench/gunicorn.conf.py bench.bare:app

Same server settings, same pragmas; no template, no session, no checks.
"""

import json
import os

from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.models.engine import configure


class Base(DeclarativeBase):
    """Of these rows alone."""


class Answer(Base):
    """One post, as JSON."""

    __tablename__ = "answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[str]


app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["BARE_DATABASE_URL"]
db = SQLAlchemy(app, model_class=Base)
with app.app_context():
    configure(db.engine, is_reading=lambda: False)
    db.create_all()
    db.engine.dispose()


@app.get("/page")
def page() -> str:
    return "<!doctype html><title>bare</title><h1>bare</h1>"


@app.post("/post")
def post() -> str:
    content = json.dumps(request.form.to_dict(flat=False))
    db.session.add(Answer(content=content))
    db.session.commit()
    return "kept"
