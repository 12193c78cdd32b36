"""`flask seed`: reference data, and a demonstration."""

import click
from flask.cli import AppGroup

from app.cli.errors import told
from app.extensions import db, file_store, forms_in_use
from app.services.demo import seed_demo
from app.services.reference import seed_reference

seed = AppGroup("seed", help="Load data that comes with the project.")


@seed.command("reference")
def reference() -> None:
    """Load Parties, groups and targets; loading again changes nothing."""
    counts = seed_reference(db.session())
    db.session.commit()
    click.echo(", ".join(f"{count} {what}" for what, count in counts.items()))


@seed.command("demo")
def demo() -> None:
    """Make plausible answers for all Parties, marked as synthetic."""
    with told():
        made = seed_demo(db.session(), forms_in_use(), file_store())
        db.session.commit()
    for line in made.lines():
        click.echo(line)
