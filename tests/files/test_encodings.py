"""Encodings: what is certain, what is the only reading, what must be declared."""

# ruff: noqa: RUF001 - letters of six languages are its subject

import pytest

from app.errors import UnreadableFileError
from app.files.encodings import ENCODINGS
from app.files.layout import MAIN
from app.files.readers import read_upload
from app.files.record import Table

FRENCH = "Créer des aires protégées à l’échelle du pays, où c’est nécessaire ; État : déjà engagé."
SPANISH = "¿Cuántas áreas? Más de veinte, según el año; España señala que «así» continuó."
RUSSIAN = "Площадь охраняемых территорий выросла на 12 % с 2010 года. Ещё нет данных – позже."
ARABIC = "تمت زيادة مساحة المناطق المحمية، وهناك خطة وطنية للتنوع البيولوجي؟ نعم."
CHINESE = "保护区面积自2010年以来增加了百分之十二，国家生物多样性战略已经通过。"

WRITTEN = [
    (FRENCH, "cp1252", "windows-1252"),
    (FRENCH, "mac_roman", "mac-roman"),
    (SPANISH, "cp1252", "windows-1252"),
    (SPANISH, "mac_roman", "mac-roman"),
    (RUSSIAN, "cp1251", "windows-1251"),
    (ARABIC, "cp1256", "windows-1256"),
    (CHINESE, "gb18030", "gb18030"),
]


def read(content: bytes, encoding: str = "") -> Table:
    return read_upload("a.csv", content, (), encoding=encoding)[MAIN]


def refused(content: bytes, encoding: str = "") -> dict[str, object]:
    with pytest.raises(UnreadableFileError) as error:
        read(content, encoding)
    return dict(error.value.details)


def csv(text: str) -> str:
    return f'party,how\r\nKEN,"{text}"\r\n'


@pytest.mark.parametrize(("text", "codec", "name"), WRITTEN)
def test_the_only_possible_reading_is_taken_and_told(text: str, codec: str, name: str) -> None:
    table = read(csv(text).encode(codec))
    assert [row for _, row in table.rows] == [("KEN", text)]
    assert [(note.code, note.details) for note in table.notes] == [
        ("encoding_assumed", {"encoding": name})
    ]


@pytest.mark.parametrize(("text", "codec", "name"), WRITTEN)
def test_what_is_declared_is_read_without_a_note(text: str, codec: str, name: str) -> None:
    table = read(csv(text).encode(codec), name)
    assert [row for _, row in table.rows] == [("KEN", text)]
    assert table.notes == []


@pytest.mark.parametrize("text", [FRENCH, SPANISH, RUSSIAN, ARABIC, CHINESE])
@pytest.mark.parametrize(
    "codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_what_is_certain_is_read_without_a_note(text: str, codec: str) -> None:
    table = read(csv(text).encode(codec))
    assert [row for _, row in table.rows] == [("KEN", text)]
    assert table.notes == []


@pytest.mark.parametrize(
    ("text", "codec", "candidates"),
    [
        ("l’eau", "cp1252", ("windows-1252", "mac-roman")),
        ("parc à Nairobi", "cp1252", ("windows-1252", "windows-1251")),
        ("Жд", "koi8-r", ()),
        *((RUSSIAN, codec, ()) for codec in ("koi8-r", "iso8859-5", "cp866", "mac_cyrillic")),
        (ARABIC, "iso8859-6", ()),
        ("保護區面積增加，國家戰略", "big5", ()),
        ("保護地域の面積は増えた", "shift_jis", ()),
        ("Zażółć gęślą jaźń", "cp1250", ()),
    ],
)
def test_what_can_be_read_in_two_ways_must_be_declared(
    text: str, codec: str, candidates: tuple[str, ...]
) -> None:
    told = refused(csv(text).encode(codec, "ignore"))
    assert told["reason"] == "unclear_encoding"
    assert set(candidates) <= set(told["candidates"])  # type: ignore[call-overload]


def test_one_text_is_enough_to_tell_for_all_of_the_file() -> None:
    text = csv("l’eau") + csv(FRENCH)
    assert read(text.encode("cp1252")).notes[0].details == {"encoding": "windows-1252"}


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (csv(FRENCH).encode(), "windows-1252"),
        (csv(FRENCH).encode("utf-8-sig"), "windows-1252"),
        (csv(FRENCH).encode("utf-16"), "utf-8"),
        (csv(FRENCH).encode("cp1252"), "utf-8"),
        (csv(RUSSIAN).encode("cp1251"), "gb18030"),
    ],
)
def test_a_wrong_declaration_is_refused_and_never_gives_other_letters(
    content: bytes, encoding: str
) -> None:
    assert refused(content, encoding)["reason"] == "wrong_encoding"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_file_in_ascii_may_be_declared_as_anything_but_utf_16(encoding: str) -> None:
    content = b"party,how\nKEN,a\n"
    if encoding == "utf-16":
        assert refused(content, encoding)["reason"] in {"wrong_encoding", "unclear_delimiter"}
    else:
        assert list(read(content, encoding).rows) == [(2, ("KEN", "a"))]


def test_a_text_longer_than_what_is_looked_at_in_one_go_is_not_cut() -> None:
    long = (RUSSIAN + " ") * 20_000
    table = read(csv(long).encode("cp1251"))
    assert next(iter(table.rows))[1][1] == long
    long = CHINESE * 40_000
    assert next(iter(read(csv(long).encode("gb18030")).rows))[1][1] == long
