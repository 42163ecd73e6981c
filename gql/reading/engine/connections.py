"""Compiles a page of a connection: its edges, its page info, and the number of rows on all pages."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from graphql import FieldNode, GraphQLField, GraphQLObjectType, get_named_type

from domain.predicate import Predicate, among
from gql.reading.engine.arguments import BoundArguments, Slot, Slots
from gql.reading.engine.fallback import Fallback
from gql.reading.engine.lists import AggregatedRows, ListElements
from gql.reading.engine.scopes import Row
from gql.reading.fields import DeclaredField
from gql.reading.joins import NO_JOIN
from gql.reading.listings import Listing
from gql.reading.page_arguments import page_arguments
from gql.reading.pages import Page
from gql.reading.paging import Paging
from gql.reading.queries import SqlConnection
from gql.reading.relations import Connection, owner_joins
from gql.reading.targets import target_of

if TYPE_CHECKING:
    from gql.reading.engine.compiler import Compiler

DeferredCode = Callable[[AggregatedRows], str]
"""Generates code over the rows, which are aggregated when all of their columns are known."""
NO_ROWS: Final = AggregatedRows("", (), are_records=False)
"""For a connection of which only fields without rows are selected."""
CURSOR_FIELDS: Final = ("startCursor", "endCursor")


def compile_connection(
    compiler: "Compiler", row: Row, field: GraphQLField, declared: DeclaredField, nodes: list[FieldNode]
) -> str:
    """The code of a connection.

    Raises:
        Fallback: The field isn't one.
    """
    target = target_of(declared).source
    guards = [compiler.sql(declared.guard.aliased(row.alias))] if declared.guard else []
    match declared.resolution:
        case Connection(paging=paging, join=join):
            joins = owner_joins(join, row.source, declared.python_name)
            listing = Listing("", row.source, target, joins, paging)
            return ConnectionCompiler(compiler, row, field, nodes, listing, guards=guards).code()
        case SqlConnection(paging=paging, query=query, administered=administered):
            listing = Listing("", row.source, target, NO_JOIN, paging, query)
            return ConnectionCompiler(
                compiler, row, field, nodes, listing, guards=guards, administered=administered
            ).code()
    raise Fallback(f"{row.source.name}.{declared.python_name}")


class ConnectionCompiler:
    """Compiles one connection.

    Args:
        compiler: Compiles the selections on each row.
        row: The row that has the connection.
        field: The connection's field.
        nodes: The field nodes that select it; the arguments of the first one ask for the page.
        listing: The rows that it lists.
        guards: SQL over the owner that must be true for anything to be listed.
        administered: The parameter that names an organisation which the viewer must administer.
    """

    def __init__(
        self,
        compiler: "Compiler",
        row: Row,
        field: GraphQLField,
        nodes: list[FieldNode],
        listing: Listing,
        *,
        guards: Sequence[str],
        administered: str | None = None,
    ) -> None:
        self._compiler = compiler
        self._row = row
        self._listing = listing
        self._guards = [*guards]
        self._slots = Slots()
        paging = listing.paging
        _, first_slot = compiler.bind_arguments(field, nodes[0], lambda arguments: _bind(paging, arguments))
        page = _page(paging, compiler.arguments(field, nodes[0]))
        self._page = page.with_values(Slot(first_slot + index) for index in range(len(page.values)))
        self._size = f"values[{first_slot}]"
        self._is_allowed = self._require_administrator(administered) if administered else None
        self._type = _object_type(field)
        self._fields = compiler.selection.fields(self._type, nodes)
        self._elements = self._node_elements()

    def code(self) -> str:
        """The code of the page."""
        codes = [(key, self._field_code(nodes)) for key, nodes in self._fields.items()]
        # All columns of the rows are known now.
        rows = self._aggregate() if any(_needs_rows(nodes) for nodes in self._fields.values()) else NO_ROWS
        code = "{" + ", ".join(f"{key!r}: {field_code(rows)}" for key, field_code in codes) + "}"
        return f"({code} if {self._is_allowed} else None)" if self._is_allowed else code

    def _require_administrator(self, parameter: str) -> str:
        """Adds the guard that the viewer administers an organisation; returns the variable with its value."""
        slot = dict(self._listing.paging.parameter_values(self._page))[parameter]
        guard = self._compiler.sql(among(self._slots.add(slot, "bigint"), "administers"))
        self._guards.append(guard)
        return self._row.scope.variable_for(guard)

    def _node_elements(self) -> ListElements:
        edge_type = _object_type(self._type.fields["edges"])
        selections = [
            node_nodes
            for nodes in self._fields.values()
            if nodes[0].name.value == "edges"
            for node_nodes in self._compiler.selection.fields(edge_type, nodes).values()
            if node_nodes[0].name.value == "node"
        ]
        elements = ListElements(self._compiler, self._row, {"": self._listing.target}, selections)
        elements.scope.in_page = True
        return elements

    def _field_code(self, nodes: list[FieldNode]) -> DeferredCode:
        match nodes[0].name.value:
            case "__typename":
                return lambda _rows: repr(self._type.name)
            case "totalCount":
                return self._total_count()
            case "edges":
                return self._edges(_object_type(self._type.fields["edges"]), nodes)
            case "pageInfo":
                return self._page_info(_object_type(self._type.fields["pageInfo"]), nodes)
        raise Fallback(f"{self._type.name}.{nodes[0].name.value}")

    def _total_count(self) -> DeferredCode:
        count = self._listing.count_expression(self._page, self._slots, self._guards, self._compiler.count_condition)
        variable = self._row.scope.variable_for(f"({self._with_owner_alias(count)})")
        return lambda _rows: variable

    def _edges(self, edge_type: GraphQLObjectType, nodes: list[FieldNode]) -> DeferredCode:
        codes = []
        for key, field_nodes in self._compiler.selection.fields(edge_type, nodes).items():
            name = field_nodes[0].name.value
            if name == "node":
                codes.append(f"{key!r}: {self._elements.object_code(field_nodes)}")
            elif name == "cursor":
                value, row_key = (self._elements.scope.variable(column) for column in self._cursor_columns())
                codes.append(f"{key!r}: cursor({self._page.shape.order!r}, {value}, {row_key})")
            else:
                codes.append(f"{key!r}: {edge_type.name!r}")
        reversal = "[::-1]" if self._page.shape.backward else ""
        return lambda rows: f"[{{{', '.join(codes)}}} {rows.loop(self._size)}]{reversal}"

    def _page_info(self, info_type: GraphQLObjectType, nodes: list[FieldNode]) -> DeferredCode:
        fields = self._compiler.selection.fields(info_type, nodes)
        if any(field_nodes[0].name.value in CURSOR_FIELDS for field_nodes in fields.values()):
            self._cursor_columns()

        def code(rows: AggregatedRows) -> str:
            codes = (
                f"{key!r}: {self._page_info_field(info_type, field_nodes[0].name.value, rows)}"
                for key, field_nodes in fields.items()
            )
            return f"{{{', '.join(codes)}}}"

        return code

    def _page_info_field(self, info_type: GraphQLObjectType, name: str, rows: AggregatedRows) -> str:
        shape, has_more = self._page.shape, f"{rows.count()} > {self._size}"
        match name:
            case "hasNextPage":
                return repr(shape.before) if shape.backward else has_more
            case "hasPreviousPage":
                return has_more if shape.backward else repr(shape.after)
            case "startCursor" | "endCursor":
                values, keys = (rows.column(column) for column in self._cursor_columns())
                last = (name == "endCursor") != shape.backward
                return f"edge_cursor({shape.order!r}, {values}, {keys}, {self._size}, last={last})"
        return repr(info_type.name)

    def _cursor_columns(self) -> tuple[int, int]:
        """The columns of the cursor's value and the key."""
        scope, alias = self._elements.scope, self._elements.alias
        return scope.add_column(f"{alias}.cursor__"), scope.add_column(f'{alias}."id"')

    def _aggregate(self) -> AggregatedRows:
        alias = self._elements.alias
        page = self._with_owner_alias(
            self._listing.page_query(self._page, self._slots, self._guards, self._page_condition)
        )
        return self._elements.aggregate(f"({page}) {alias}", f"order by {self._listing.order_by(self._page, alias)}")

    def _page_condition(self, condition: Predicate, far: str | None) -> str:
        return self._compiler.page_condition(condition, "owner__", far)

    def _with_owner_alias(self, text: str) -> str:
        return text.replace("owner__", self._row.alias)


def _object_type(field: GraphQLField) -> GraphQLObjectType:
    named_type = get_named_type(field.type)
    if not isinstance(named_type, GraphQLObjectType):
        raise Fallback(f"pages of {named_type}")
    return named_type


def _needs_rows(nodes: list[FieldNode]) -> bool:
    return nodes[0].name.value in {"edges", "pageInfo"}


def _page(paging: Paging, arguments: Mapping[str, Any]) -> Page:
    return paging.page(**page_arguments(dict(arguments)))


def _bind(paging: Paging, arguments: Mapping[str, Any]) -> BoundArguments:
    page = _page(paging, arguments)
    return BoundArguments(page.shape, page.values)
