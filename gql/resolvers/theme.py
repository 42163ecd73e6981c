"""Themes and types of contracts."""

from domain.models import ContractType, Theme
from gql.context import Context


async def themes(_context: Context) -> list[Theme]:
    """The themes that can be granted today."""
    return await Theme.filter(visible=True).order_by("id")


async def contract_types(_context: Context) -> list[ContractType]:
    """All types of contracts."""
    return await ContractType.all().order_by("id")
