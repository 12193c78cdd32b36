"""List the texts of one catalogue that are not translated: missing_texts.py PO LANGUAGE."""

import sys
from pathlib import Path

from babel.messages.pofile import read_po

path, language = Path(sys.argv[1]), sys.argv[2]
with path.open("rb") as file:
    catalog = read_po(file, locale=language)
texts = [message for message in catalog if message.id]
missing = [
    message
    for message in texts
    if message.fuzzy or not all(message.string if message.pluralizable else [message.string])
]
print(f"{language}: {len(texts) - len(missing)} of {len(texts)} texts translated")
for message in missing:
    where = ", ".join(file for file, _ in message.locations[:2])
    print(f"  {message.id if isinstance(message.id, str) else message.id[0]!r}  {where}")
