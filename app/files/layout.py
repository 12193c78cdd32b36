"""The columns of a form's flat files, in the shapes that reading and writing need."""

from dataclasses import dataclass, field
from typing import Final

from app.forms.definition import Container, Form
from app.forms.places import Place
from app.forms.variables import Variable, codebook, repeats

MAIN: Final = ""  # the file with one row per submission


@dataclass(frozen=True)
class Layout:
    """What the codebook says of a form, by file: "" is the main file, a repeat's id its own.

    keys       names of the fixed columns
    variables  columns that hold answers
    chains     of a repeat: the containers around it, from the nearest repeat on
    """

    form: Form
    keys: dict[str, tuple[str, ...]] = field(init=False)
    variables: dict[str, tuple[Variable, ...]] = field(init=False)
    chains: dict[str, tuple[Container, ...]] = field(init=False)

    def __post_init__(self) -> None:
        chains = {repeat.id: chain for repeat, chain, _ in repeats(self.form)}
        columns = codebook(self.form)
        files = [MAIN, *chains]
        self._set("chains", chains)
        self._set("keys", {
            file: tuple(v.column for v in columns if v.file == file and v.asks is None)
            for file in files
        })  # fmt: skip
        self._set("variables", {
            file: tuple(v for v in columns if v.file == file and v.asks is not None)
            for file in files
        })  # fmt: skip

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def column_at(self, place: Place, key: str) -> str:
        """Return the column of the answer *key* of *place*, in the file of that place.

        Of a question of several choices it is what their columns begin with, of a repeat its id.
        """
        steps: list[str] = []
        for container, item in place.steps:
            steps = [] if container in self.chains else [*steps, container, item]
        return key if key in self.chains else ".".join([*steps, key])

    def row_at(self, place: Place) -> tuple[str, str]:
        """Return the file and the row id of the row that holds the answers of *place*."""
        rows = [step for step in place.steps if step[0] in self.chains]
        return rows[-1] if rows else (MAIN, "")


def parent_of(place: Place, chains: dict[str, tuple[Container, ...]]) -> str:
    """Return what the column `parent` says of a row that stands at *place*."""
    *around, (repeat, _) = place.steps
    nearest = around[len(around) - len(chains[repeat]) :]
    return ".".join(key for _, key in nearest)
