"""Keep translations whose English has changed: stale_texts.py BEFORE.po PO.

`pybabel update` drops the translation of a text that has changed. Here the new text gets that of
the text most like it that is gone, marked as fuzzy, with the English before as `#| msgid`; and
what was fuzzy before stays so. Fuzzy is not translated: nobody is shown it, and `make test` fails.
"""

import sys
from difflib import get_close_matches
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from app.texts.po import FUZZY, Entry, read_po, replaced

LIKE = 0.6  # how alike two texts are, from 0 to 1, of which one comes from the other


def kept(before: list[Entry], now: list[Entry]) -> list[Entry]:
    """Return the entries of *now* that take up a translation of *before*, as they shall be."""
    names = {(entry.context, entry.id): entry for entry in before}
    present = {(entry.context, entry.id) for entry in now}
    gone = {
        entry.id: entry
        for entry in before
        if entry.id and any(entry.said.values()) and (entry.context, entry.id) not in present
    }
    found = []
    for entry in now:
        old = names.get((entry.context, entry.id))
        if old is None and entry.id and not any(entry.said.values()):
            like = get_close_matches(entry.id, gone, n=1, cutoff=LIKE)
            source = gone[like[0]] if like else None
            if source and bool(source.plural) == bool(entry.plural):
                entry.said, entry.previous = dict(source.said), source.previous or source.id
                entry.flags = [FUZZY, *entry.flags]
                found.append(entry)
        elif old and old.is_fuzzy and entry.id:
            entry.said, entry.flags, entry.previous = old.said, old.flags, old.previous
            found.append(entry)
    return found


before, path = (Path(name) for name in sys.argv[1:3])
text = path.read_text(encoding="utf-8")
entries = kept(read_po(before.read_text(encoding="utf-8"))[0], read_po(text)[0])
path.write_text(replaced(text, entries), encoding="utf-8")
