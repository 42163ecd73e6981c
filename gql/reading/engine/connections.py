"""A page of a connection, compiled: its rows, its places, and how many rows there are on all pages."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from graphql import FieldNode, GraphQLField, GraphQLObjectType, get_named_type

from domain.predicate import Predicate, among
from gql.reading.engine.arguments import Bound, Slot, Slots
from gql.reading.engine.fallback import NotCompiled
from gql.reading.engine.lists import Elements, Gathered
from gql.reading.engine.scopes import Row
from gql.reading.engine.selection import Fields
from gql.reading.fields import DeclaredField
from gql.reading.listings import Listing
from gql.reading.page_arguments import page_arguments
from gql.reading.pages import Page
from gql.reading.paging import Paging
from gql.reading.queries import QueriedPage
from gql.reading.relations import Pages, ties_to
from gql.reading.targets import target_of
from gql.reading.ties import UNTIED

if TYPE_CHECKING:
    from gql.reading.engine.compile import Compiler

Part = Callable[[], str]
"""A part of the answer's code, told once it is known where the rows are."""
PLACES: Final = ("startCursor", "endCursor")


def paged(compiler: "Compiler", row: Row, field: GraphQLField, declared: DeclaredField, nodes: list[FieldNode]) -> str:
    """The code of a connection.

    Raises:
        NotCompiled: The field is none.
    """
    target = target_of(declared).source
    guards = [compiler.sql(declared.guard.aliased(row.alias))] if declared.guard else []
    match declared.relation:
        case Pages(paging=paging, join=join):
            ties = ties_to(join, row.source, declared.python_name)
            listing = Listing("", row.source, target, ties, paging)
            return Paged(compiler, row, field, listing, guards).code(nodes)
        case QueriedPage(paging=paging, query=query, administered=administered):
            listing = Listing("", row.source, target, UNTIED, paging, query)
            return Paged(compiler, row, field, listing, guards, administered).code(nodes)
    raise NotCompiled(f"{row.source.name}.{declared.python_name}")


class Paged:
    """Compiles one connection.

    Args:
        compiler: Compiles what is asked of each row.
        row: The row that has the connection.
        field: The connection's field.
        listing: Which rows it lists.
        guards: SQL over the owner without which nothing is listed.
        administered: The parameter that names an organisation which the viewer must administer.
    """

    def __init__(
        self,
        compiler: "Compiler",
        row: Row,
        field: GraphQLField,
        listing: Listing,
        guards: list[str],
        administered: str | None = None,
    ) -> None:
        self._compiler = compiler
        self._row = row
        self._field = field
        self._listing = listing
        self._guards = list(guards)
        self._administered = administered
        self._slots = Slots()

    def code(self, nodes: list[FieldNode]) -> str:
        """The code of the page that the first of the nodes asks for."""
        paging = self._listing.paging
        _, first = self._compiler.bound(self._field, nodes[0], lambda arguments: _bound(paging, arguments))
        page = _page(paging, self._compiler.arguments(self._field, nodes[0]))
        self._size = f"B[{first}]"
        self._page = page.with_values(Slot(first + place) for place in range(len(page.values)))
        allowed = self._allowed()
        kind = self._named(self._field)
        fields = self._compiler.selection.fields(kind, nodes)
        self._elements = self._of_edges(kind, fields)
        parts = [(key, self._part(kind, asked)) for key, asked in fields.items()]
        if any(asked[0].name.value in {"edges", "pageInfo"} for asked in fields.values()):
            self._gathered = self._gather()
        code = "{" + ", ".join(f"{key!r}: {part()}" for key, part in parts) + "}"
        return f"({code} if {allowed} else None)" if allowed else code

    def _allowed(self) -> str | None:
        if self._administered is None:
            return None
        slot = dict(self._listing.paging.given(self._page))[self._administered]
        condition = self._compiler.sql(among(self._slots.add(slot, "bigint"), "administers"))
        self._guards.append(condition)
        return self._row.scope.value(condition)

    def _named(self, field: GraphQLField) -> GraphQLObjectType:
        kind = get_named_type(field.type)
        if not isinstance(kind, GraphQLObjectType):
            raise NotCompiled(f"pages of {kind}")
        return kind

    def _of_edges(self, kind: GraphQLObjectType, fields: Fields) -> Elements:
        edge = self._named(kind.fields["edges"])
        selections = [
            of_node
            for nodes in fields.values()
            if nodes[0].name.value == "edges"
            for of_node in self._compiler.selection.fields(edge, nodes).values()
            if of_node[0].name.value == "node"
        ]
        elements = Elements(self._compiler, self._row, {"": self._listing.target}, selections)
        elements.scope.paged = True
        return elements

    def _part(self, kind: GraphQLObjectType, nodes: list[FieldNode]) -> Part:
        match nodes[0].name.value:
            case "__typename":
                return lambda: repr(kind.name)
            case "totalCount":
                return self._total()
            case "edges":
                return self._edges(self._named(kind.fields["edges"]), nodes)
            case "pageInfo":
                return self._info(self._named(kind.fields["pageInfo"]), nodes)
        raise NotCompiled(f"{kind.name}.{nodes[0].name.value}")

    def _total(self) -> Part:
        counted = self._listing.count(self._page, self._slots, self._guards, self._compiler.of_all)
        variable = self._row.scope.value(f"({self._placed(counted)})")
        return lambda: variable

    def _edges(self, kind: GraphQLObjectType, nodes: list[FieldNode]) -> Part:
        parts = []
        for key, field_nodes in self._compiler.selection.fields(kind, nodes).items():
            name = field_nodes[0].name.value
            if name == "node":
                parts.append(f"{key!r}: {self._elements.object(field_nodes)}")
            elif name == "cursor":
                value, row_key = (self._elements.scope.variable(place) for place in self._place())
                parts.append(f"{key!r}: cursor({self._page.shape.order!r}, {value}, {row_key})")
            else:
                parts.append(f"{key!r}: {kind.name!r}")
        backwards = "[::-1]" if self._page.shape.backward else ""
        return lambda: f"[{{{', '.join(parts)}}} {self._gathered.loop(self._size)}]{backwards}"

    def _info(self, kind: GraphQLObjectType, nodes: list[FieldNode]) -> Part:
        fields = self._compiler.selection.fields(kind, nodes)
        if any(each[0].name.value in PLACES for each in fields.values()):
            self._place()

        def code() -> str:
            parts = (f"{key!r}: {self._of_info(kind, each[0].name.value)}" for key, each in fields.items())
            return f"{{{', '.join(parts)}}}"

        return code

    def _of_info(self, kind: GraphQLObjectType, name: str) -> str:
        shape, more = self._page.shape, f"{self._gathered.count()} > {self._size}"
        match name:
            case "hasNextPage":
                return repr(shape.before) if shape.backward else more
            case "hasPreviousPage":
                return more if shape.backward else repr(shape.after)
            case "startCursor" | "endCursor":
                values, keys = (self._gathered.column(place) for place in self._place())
                last = (name == "endCursor") != shape.backward
                return f"edge_cursor({shape.order!r}, {values}, {keys}, {self._size}, last={last})"
        return repr(kind.name)

    def _place(self) -> tuple[int, int]:
        """The columns of the cursor's value and the key."""
        scope, alias = self._elements.scope, self._elements.alias
        return scope.place(f"{alias}.cursor__"), scope.place(f'{alias}."id"')

    def _gather(self) -> Gathered:
        alias = self._elements.alias
        page = self._placed(self._listing.page(self._page, self._slots, self._guards, self._in_turn))
        return self._elements.gathered(f"({page}) {alias}", f"order by {self._listing.ordered(self._page, alias)}")

    def _in_turn(self, condition: Predicate, far: str | None) -> str:
        return self._compiler.in_turn(condition, "owner__", far)

    def _placed(self, text: str) -> str:
        return text.replace("owner__", self._row.alias)


def _page(paging: Paging, arguments: Mapping[str, Any]) -> Page:
    return paging.page(**page_arguments(dict(arguments)))


def _bound(paging: Paging, arguments: Mapping[str, Any]) -> Bound:
    page = _page(paging, arguments)
    return Bound(page.shape, page.values)
