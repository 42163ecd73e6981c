"""Whether the bytes of a file match the type that its name declares."""

import pytest

from domain.files.file_types import EXTENSIONS, FileSample, file_type_of
from tests.files import DOCX, JPEG, ODT, OPEN_TEXT, PDF, PNG, UBL, WINDOWS_EXECUTABLE, XLSX, zip_archive

GENUINE = {
    "staat.pdf": PDF,
    "STAAT.PDF": PDF,
    "foto.png": PNG,
    "foto.jpg": JPEG,
    "foto.jpeg": JPEG,
    "plan.tif": b"II*\x00" + bytes(20),
    "plan.tiff": b"MM\x00*" + bytes(20),
    "beeld.gif": b"GIF89a" + bytes(20),
    "beeld.webp": b"RIFF\x20\x00\x00\x00WEBPVP8 " + bytes(20),
    "brief.docx": DOCX,
    "meetstaat.xlsx": XLSX,
    "lezing.pptx": zip_archive("ppt/presentation.xml", "[Content_Types].xml"),
    "brief.odt": ODT,
    "factuur.xml": UBL,
    "zonder kop.xml": b"<Invoice/>",
    "met merk.xml": b"\xef\xbb\xbf" + UBL,
    "nota.txt": b"Beste collega,\r\n\tgroeten",
    "windows.txt": "Privé".encode("cp1252"),
    "tabel.csv": b"post;hoeveelheid\r\n14;3,5\r\n",
}
FORGED = {
    "programma.pdf": WINDOWS_EXECUTABLE,
    "foto.pdf": PNG,
    "staat.png": PDF,
    "leeg archief.docx": zip_archive(),
    "tabel.docx": XLSX,
    "los archief.docx": zip_archive("word/document.xml"),
    "archief.xlsx": zip_archive("a.txt"),
    "half archief.docx": DOCX[:-30],
    "blad.odt": zip_archive("content.xml", uncompressed=("mimetype", OPEN_TEXT.replace("text", "spreadsheet"))),
    "later.odt": zip_archive("content.xml", "mimetype"),
    "programma.txt": WINDOWS_EXECUTABLE,
    "staat.txt": PDF,
    "stuurtekens.csv": b"a;\x00b",
    "tekst.xml": b"Beste collega",
    "half.xml": b"<Invoice",
    "fout.xml": b"<a></b>",
    "bom.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
}


def sample(content: bytes) -> FileSample:
    is_text = not any(byte < 32 and byte not in b"\t\n\f\r" for byte in content)
    return FileSample(content, content, is_text)


@pytest.mark.parametrize("filename", GENUINE)
def test_a_genuine_file_matches_its_type(filename: str):
    file_type = file_type_of(filename)
    assert file_type is not None
    assert file_type.matches(sample(GENUINE[filename]))


@pytest.mark.parametrize("filename", FORGED)
def test_a_forged_file_does_not_match_its_type(filename: str):
    file_type = file_type_of(filename)
    assert file_type is not None
    assert not file_type.matches(sample(FORGED[filename]))


def test_an_office_file_is_recognised_by_the_central_directory_at_its_end():
    members = [f"word/media/foto{number}.jpg" for number in range(500)]
    content = zip_archive(*members, "word/document.xml", "[Content_Types].xml")
    file_type = file_type_of("brief.docx")
    assert file_type is not None
    assert file_type.matches(FileSample(content[:1000], content[-50_000:], is_text=False))
    assert not file_type.matches(FileSample(content[:1000], content[-100:], is_text=False))


@pytest.mark.parametrize(
    "filename", ["macro.docm", "oud.doc", "start.exe", "pagina.html", "beeld.svg", "los", "a.pdf."]
)
def test_other_extensions_have_no_type(filename: str):
    assert file_type_of(filename) is None


def test_the_extensions_are_listed_for_messages():
    assert EXTENSIONS == (
        ".pdf, .jpg, .jpeg, .png, .gif, .tif, .tiff, .webp, .docx, .xlsx, .pptx, .odt, .ods, .odp, .xml, .txt, .csv"
    )
