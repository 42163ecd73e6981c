"""Every mail is as it was agreed, byte for byte; `make mails` writes `docs/mails` anew."""

import pytest

from tests.mail_templates.gallery import GALLERY_FOLDER, GalleryMail, gallery_mails, index


@pytest.mark.parametrize("mail", list(gallery_mails()), ids=lambda mail: mail.stem)
def test_a_mail_is_as_it_was_agreed(mail: GalleryMail) -> None:
    assert mail.files == {path: (GALLERY_FOLDER / path).read_text(encoding="utf-8") for path in mail.files}


def test_the_first_page_lists_them_all() -> None:
    assert (GALLERY_FOLDER / "README.md").read_text(encoding="utf-8") == index()


def test_each_is_pictured_and_nothing_is_left_over() -> None:
    files = {path for mail in gallery_mails() for path in mail.files}
    pictures = {f"{mail.stem}{view.name}.png" for mail in gallery_mails() for view in mail.views}
    kept = {str(path.relative_to(GALLERY_FOLDER)) for path in GALLERY_FOLDER.rglob("*") if path.is_file()}
    assert kept == files | pictures | {"README.md"}
