"""What a file is, found out from its content; and the store in which files are kept."""

import io
import threading
import zipfile
from pathlib import Path

import pytest

from app.errors import NotFoundError, UnreadableFileError
from app.files.paper import DOCX, KINDS, PDF, paper_kind, paper_name
from app.files.stored import FileStore


def zipped(*names: str) -> bytes:
    """Return a zip of these files, dated alike: all workers of a run name a test alike."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), "<x/>")
    return packed.getvalue()


WORD = zipped("[Content_Types].xml", "word/document.xml")


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (b"%PDF-1.7 ...", ".pdf"),
        (b"\xef\xbb\xbf\n%PDF-1.4", ".pdf"),
        (WORD, ".docx"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", ".jpg"),
        (b"\x89PNG\r\n\x1a\n....", ".png"),
        (b"II*\x00....", ".tif"),
        (b"MM\x00*....", ".tif"),
    ],
)
def test_the_content_says_what_it_is(content: bytes, ending: str) -> None:
    kind = paper_kind("named as anything.exe", content)
    assert kind.ending == ending
    assert kind in KINDS


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty_paper"),
        (b"<html><script>alert(1)</script></html>", "no_paper"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "no_paper"),
        (b"GIF89a....", "no_paper"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 Word 97", "old_paper"),
        (zipped("xl/workbook.xml"), "no_paper"),
        (zipped("word/document.xml", "word/vbaProject.bin"), "paper_with_macros"),
        (WORD[:40], "no_paper"),
        (b"x" * 2000 + b"%PDF-1.7", "no_paper"),
    ],
)
def test_what_is_no_document_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFileError) as refused:
        paper_kind("report.pdf", content)
    assert refused.value.details["reason"] == reason


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("report.pdf", "report.pdf"),
        ("report.PDF", "report.pdf"),
        ("C:\\papers\\report.doc", "report.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("\u202efdp.exe", "fdp.exe.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie- x.pdf"),
        ("", "document.pdf"),
        ("...", "document.pdf"),
        ("التقرير الوطني.pdf", "التقرير الوطني.pdf"),
        ("x" * 500, "x" * 116 + ".pdf"),
    ],
)
def test_a_name_is_made_safe(sent: str, kept: str) -> None:
    assert paper_name(sent, PDF) == kept


def test_a_word_document_keeps_its_ending() -> None:
    assert paper_name("Sixth report.docx", DOCX) == "Sixth report.docx"


def test_a_file_is_kept_under_its_hash(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "new" / "files")
    kept = store.keep(b"one")
    assert store.keep(b"one") == kept
    assert store.path(kept).read_bytes() == b"one"
    assert store.path(kept).stat().st_mode & 0o077 == 0
    assert store.is_right(kept)
    assert [path.name for path in store.path(kept).parent.iterdir()] == [kept]


def test_a_file_that_was_changed_or_is_gone_is_found_out(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    kept = store.keep(b"one")
    store.path(kept).write_bytes(b"two")
    assert not store.is_right(kept)
    store.keep(b"one")  # who sends it again puts it right
    assert store.is_right(kept)
    store.path(kept).unlink()
    for wrong in (kept, "..", "../../../etc/passwd", ""):
        with pytest.raises(NotFoundError):
            store.is_right(wrong)


def test_many_may_keep_the_same_file_at_once(tmp_path: Path) -> None:
    store, content = FileStore(tmp_path), b"page " * 50_000
    kept: list[str] = []
    threads = [threading.Thread(target=lambda: kept.append(store.keep(content))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(kept)) == 1
    assert len(kept) == 8
    assert store.is_right(kept[0])
