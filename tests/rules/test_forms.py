"""Every form and report is in order, and complete in every language that we promise."""

import pytest

from app.config import ROOT
from app.forms.catalogue import Catalogue
from app.wording.languages import complete_languages
from tests.conftest import Runner

PROMISED = ("ar", "en", "es", "fr", "ru", "zh")


def test_every_promised_language_is_offered() -> None:
    """One text that is missing would take the whole language away, without a word."""
    offered = complete_languages(Catalogue(ROOT / "forms"))
    assert set(PROMISED) <= set(offered), "run `make texts` and `make forms`"


@pytest.mark.parametrize("what", ["forms", "reports"])
def test_they_pass_their_own_check(runner: Runner, what: str) -> None:
    done = runner.invoke(args=[what, "check"])
    assert done.exit_code == 0, done.output
