"""The private key is a file for its owner alone; public keys stay for ever."""

import stat
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import SigningKeyError
from app.models.account import Account
from app.models.audit import Act
from app.receipts import is_signed
from app.services.keys import make_key, public_keys, read_signer, rotate, use

STATEMENT = {"what": "is signed"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "signing-key.pem"


def test_a_key_is_made_once_and_for_its_owner_alone(path: Path) -> None:
    made = make_key(path)
    assert make_key(path).id == made.id == read_signer(path).id
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert is_signed(made.public_key, made.sign(STATEMENT), STATEMENT)
    assert not is_signed(made.public_key, made.sign(STATEMENT), {"what": "is not"})


@pytest.mark.parametrize("content", [None, "", "nonsense", "-----BEGIN PRIVATE KEY-----\n"])
def test_a_file_that_is_no_key_is_told(path: Path, content: str | None) -> None:
    path.parent.mkdir()
    if content is not None:
        path.write_text(content)
    with pytest.raises(SigningKeyError):
        read_signer(path)


def test_after_a_rotation_the_old_key_stays_known_and_signs_no_more(
    two_parties: Session, drafter: Account, path: Path
) -> None:
    old = make_key(path)
    old_file = path.read_bytes()
    assert use(two_parties, path).id == old.id
    new = rotate(two_parties, path, drafter)
    assert use(two_parties, path).id == new.id != old.id
    two_parties.flush()
    two_parties.expire_all()
    first, second = public_keys(two_parties)
    assert (first.id, first.until_at) == (old.id, second.from_at)
    assert (second.id, second.until_at) == (new.id, None)
    acts = two_parties.scalars(select(Act).where(Act.kind == "key").order_by(Act.at)).all()
    assert [(act.subject, act.action) for act in acts] == [
        (old.id, "begin_key"),
        (old.id, "end_key"),
        (new.id, "begin_key"),
    ]
    path.write_bytes(old_file)
    with pytest.raises(SigningKeyError):
        use(two_parties, path)


def test_a_key_that_is_new_to_the_database_ends_the_one_before(
    two_parties: Session, path: Path, tmp_path: Path
) -> None:
    make_key(path)
    use(two_parties, path)
    other = make_key(tmp_path / "another.pem")
    use(two_parties, tmp_path / "another.pem")
    two_parties.flush()
    two_parties.expire_all()
    assert [key.id for key in public_keys(two_parties) if key.until_at is None] == [other.id]


def test_a_rotation_needs_no_key_that_is_there(
    two_parties: Session, drafter: Account, path: Path
) -> None:
    new = rotate(two_parties, path, drafter)
    assert read_signer(path).id == new.id
