"""Every mail equals its golden files byte for byte; `make mails` regenerates `docs/mails`."""

import pytest

from tests.mail_templates.gallery import GALLERY_FOLDER, GalleryMail, gallery_mails, index


@pytest.mark.parametrize("mail", list(gallery_mails()), ids=lambda mail: mail.stem)
def test_a_mail_equals_its_golden_files(mail: GalleryMail) -> None:
    assert mail.files == {path: (GALLERY_FOLDER / path).read_text(encoding="utf-8") for path in mail.files}


def test_the_index_lists_all_mails() -> None:
    assert (GALLERY_FOLDER / "README.md").read_text(encoding="utf-8") == index()


def test_each_mail_has_its_screenshots_and_no_other_file_exists() -> None:
    files = {path for mail in gallery_mails() for path in mail.files}
    screenshots = {f"{mail.stem}{view.name}.png" for mail in gallery_mails() for view in mail.views}
    existing = {str(path.relative_to(GALLERY_FOLDER)) for path in GALLERY_FOLDER.rglob("*") if path.is_file()}
    assert existing == files | screenshots | {"README.md"}
