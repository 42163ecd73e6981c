"""Families of documents: data, named in four languages."""

from tortoise import fields

from domain.models.row import Row


class Theme(Row):
    """A family of documents (thema). A hidden one can't be granted or used anew."""

    code = fields.CharField(max_length=64, unique=True)
    name_nl = fields.TextField()
    name_fr = fields.TextField()
    name_en = fields.TextField()
    name_de = fields.TextField()
    visible = fields.BooleanField(default=False)

    class Meta:
        """The table."""

        table = "theme"
