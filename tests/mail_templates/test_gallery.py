"""Every mail is as it was agreed, byte for byte; `make mails` writes `docs/mails` anew."""

import pytest

from tests.mail_templates.gallery import GALLERY, Shown, index, shown


@pytest.mark.parametrize("mail", list(shown()), ids=lambda mail: mail.stem)
def test_a_mail_is_as_it_was_agreed(mail: Shown) -> None:
    assert mail.files == {path: (GALLERY / path).read_text(encoding="utf-8") for path in mail.files}


def test_the_first_page_lists_them_all() -> None:
    assert (GALLERY / "README.md").read_text(encoding="utf-8") == index()


def test_each_is_pictured_and_nothing_is_left_over() -> None:
    files = {path for mail in shown() for path in mail.files}
    pictures = {f"{mail.stem}{sight.name}.png" for mail in shown() for sight in mail.sights}
    kept = {str(path.relative_to(GALLERY)) for path in GALLERY.rglob("*") if path.is_file()}
    assert kept == files | pictures | {"README.md"}
