"""`flask keys`: the key with which the server signs receipts and seals."""

import json

import click
from flask.cli import AppGroup

from app.cli.errors import told
from app.extensions import db, issuer
from app.services.accounts import command_line_account
from app.services.keys import keys_json, make_key, public_keys, rotate

keys = AppGroup("keys", help="The key that signs receipts and seals.")


@keys.command("make")
def make() -> None:
    """Make the private key if there is none; `make run` does this."""
    path = issuer().key
    is_new = not path.exists()
    with told():
        signer = make_key(path)
    click.echo(f"{'made' if is_new else 'found'} key {signer.id} in {path}")


@keys.command("list")
def list_keys() -> None:
    """Print all public keys as JSON, as at /verify/keys.json."""
    click.echo(json.dumps(keys_json(public_keys(db.session())), indent=2))


@keys.command("rotate")
def rotate_() -> None:
    """Make a new private key in the place of the present one.

    The old private key is gone; its public half stays for ever, so that earlier receipts can be
    checked. Running servers and workers read the file each time they sign: nothing to restart.
    """
    with told():
        session = db.session()
        signer = rotate(session, issuer().key, command_line_account(session))
        db.session.commit()
    click.echo(f"Key {signer.id} signs from now on. Its file is {issuer().key}: keep a copy of it")
    click.echo("in a safe place, apart from the database. On other servers, copy it there too.")
