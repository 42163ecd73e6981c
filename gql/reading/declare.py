"""How a GraphQL type says where its fields come from.

Declared once, read by the executor through the loaders. No field that is a column or a relation has a resolver of its
own; a test holds the short list of those that do.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from domain.predicate import Predicate
from gql.reading.connections import Listing, read_page
from gql.reading.ids import global_id
from gql.reading.loaders import Loaders
from gql.reading.pages import Paging
from gql.reading.sources import Record, Target, source_named, source_of
from gql.reading.targets import foreign_key, target_of


@dataclass(frozen=True)
class Argument:
    """An argument of a declared field: its Python type and what it is when left out."""

    annotation: Any
    default: Any = None
    description: str | None = None


class Relation:
    """Where a field's value comes from."""

    arguments: Mapping[str, Argument] = {}

    def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: "DeclaredField") -> Any:
        """The value for a row, or something to await."""
        raise NotImplementedError


class DeclaredField(StrawberryField):
    """A field with a relation in place of a resolver.

    Attributes:
        relation: Where the value comes from.
        guard: What must hold of the row for the value to be read; else it is null.
    """

    def __init__(self, relation: Relation | None = None, guard: Predicate | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.relation = relation
        self.guard = guard
        if relation is not None and relation.arguments:
            self.arguments = [
                StrawberryArgument(
                    name,
                    None,
                    StrawberryAnnotation(given.annotation),
                    default=given.default,
                    description=given.description,
                )
                for name, given in relation.arguments.items()
            ]

    def __copy__(self) -> "DeclaredField":
        copied = super().__copy__()
        copied.relation = self.relation
        copied.guard = self.guard
        return copied

    @property
    def is_basic_field(self) -> bool:
        """Never: the executor is to ask `get_result`."""
        return False

    def get_result(self, source: Any, info: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """The value for the row `source`, null where the guard doesn't hold."""
        del args
        loaders: Loaders = info.context.loaders
        if self.relation is None:
            raise TypeError(f"{self.python_name} has no relation.")
        if self.guard is None:
            return self.relation.resolve(source, loaders, kwargs, self)
        return self._guarded(self.guard, self.relation, source, loaders, kwargs)

    async def _guarded(
        self, guard: Predicate, relation: Relation, row: Any, loaders: Loaders, arguments: dict[str, Any]
    ) -> Any:
        if not await loaders.expression(guard, guard, source_of(row), row):
            return None
        value = relation.resolve(row, loaders, arguments, self)
        return await value if hasattr(value, "__await__") else value


@dataclass(frozen=True)
class _Identity(Relation):
    def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> str:
        del loaders, arguments, declared
        return global_id(source_of(row).name, row.id)


@dataclass(frozen=True)
class _Column(Relation):
    name: str | None

    def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> Any:
        del loaders, arguments
        return getattr(row, self.name or declared.python_name)


@dataclass(frozen=True)
class _Localised(Relation):
    def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> Any:
        del arguments
        return getattr(row, f"{declared.python_name}_{loaders.language}")


@dataclass(frozen=True)
class _Computed(Relation):
    function: Callable[..., Any]
    columns: tuple[str, ...]
    in_language: bool

    def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> Any:
        del arguments, declared
        values = (getattr(row, column) for column in self.columns)
        return self.function(loaders.language, *values) if self.in_language else self.function(*values)


@dataclass(frozen=True)
class _Expression(Relation):
    expression: Predicate
    convert: Callable[[Any], Any] | None

    async def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> Any:
        del arguments, declared
        value = await loaders.expression(self.expression, self.expression, source_of(row), row)
        return self.convert(value) if self.convert and value is not None else value


@dataclass(frozen=True)
class _One(Relation):
    key: Predicate | None

    async def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> Any:
        del arguments
        target = target_of(declared)
        if self.key is None:
            key = getattr(row, f"{declared.python_name}_id")
        else:
            key = await loaders.expression(self.key, self.key, source_of(row), row)
        return await loaders.row(target.source, key, checked=target.optional)


@dataclass(frozen=True)
class _Anything(Relation):
    stem: str

    async def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> Any:
        del arguments, declared
        source = source_named(getattr(row, f"{self.stem}_type"))
        return await loaders.row(source, getattr(row, f"{self.stem}_id"), checked=True) if source else None


@dataclass(frozen=True)
class _Here(Relation):
    columns: str

    async def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> Any:
        del arguments
        target = target_of(declared)
        found = await loaders.rows((self, target.source.name), source_of(row), row, target, f"select {self.columns}")
        return found[0] if found else None


@dataclass(frozen=True)
class _Many(Relation):
    order: tuple[str, ...]
    join: str | None

    def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> Any:
        del arguments
        owner, target = source_of(row), target_of(declared)
        join = self.join or foreign_key(owner, declared.python_name)
        order = ", ".join(f"row__.{column}" for column in self.order)
        return loaders.many((declared.python_name, join, order), owner, row, target, join, order)


@dataclass(frozen=True)
class _Rows(Relation):
    query: str
    default: Callable[[], Any] | None = None

    def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> Any:
        del arguments
        return loaders.rows((declared.python_name, self.query), source_of(row), row, target_of(declared), self.query)


@dataclass(frozen=True)
class _Pages(Relation):
    paging: Paging
    join: str | None
    arguments: Mapping[str, Argument] = field(default_factory=dict)

    def __hash__(self) -> int:
        return id(self)

    def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> Any:
        owner, target = source_of(row), target_of(declared)
        join = self.join or foreign_key(owner, declared.python_name)
        name: Hashable = (declared.python_name, join, target.source.name, self)
        page = self.paging.page(**page_arguments(arguments))
        return read_page(loaders, Listing(name, owner, target.source, join, self.paging), page, row)


PAGE: Final = {
    "first": Argument(int | None, None, "The size of a page from the start: 1 to 100; 50 when neither is given."),
    "after": Argument(str | None, None, "The cursor that the page begins behind."),
    "last": Argument(int | None, None, "The size of a page from the end: 1 to 100."),
    "before": Argument(str | None, None, "The cursor that the page ends before."),
}
"""The arguments that every connection takes."""


def page_arguments(given: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a connection as `Paging.page` takes them: an order apart, everything else filters."""
    rest = dict(given)
    page = {name: rest.pop(name, None) for name in PAGE}
    order = rest.pop("order_by", None)
    filters = {**vars(rest.pop("filter", None) or Record()), **rest}
    page["order"] = (order.field.value, order.direction.value == "DESC") if order else None
    return {**page, "filters": filters}


def identity(description: str) -> Any:
    """The row's global id."""
    return DeclaredField(_Identity(), description=description)


def column(description: str, name: str | None = None) -> Any:
    """A column of the row: of the field's own name, or another one that differs from it for a reason."""
    return DeclaredField(_Column(name), description=description)


def localised(description: str) -> Any:
    """A text that is kept in each language, in columns called `<field>_nl` and so on."""
    return DeclaredField(_Localised(), description=description)


def computed(description: str, function: Callable[..., Any], *columns: str, guard: Predicate | None = None) -> Any:
    """A pure Python function of columns of the row."""
    return DeclaredField(_Computed(function, columns, in_language=False), guard, description=description)


def worded(description: str, function: Callable[..., Any], *columns: str) -> Any:
    """A pure Python function of the reader's language and columns of the row."""
    return DeclaredField(_Computed(function, columns, in_language=True), description=description)


def guarded(description: str, rule: Predicate, name: str | None = None) -> Any:
    """A column that is null unless the rule holds for this viewer and this row."""
    return DeclaredField(_Column(name), rule, description=description)


def sql(description: str, expression: Predicate | str, convert: Callable[[Any], Any] | None = None) -> Any:
    """A value that the database works out from the row, over `{row}` and the viewer's facts."""
    given = Predicate(expression) if isinstance(expression, str) else expression
    return DeclaredField(_Expression(given, convert), description=description)


def one(description: str, key: str | None = None) -> Any:
    """The row that a foreign key, or an SQL expression for a key, points at.

    A non-null field is seen with its owner, a nullable one by its own rule.
    """
    return DeclaredField(_One(Predicate(key) if key else None), description=description)


def anything(description: str, stem: str) -> Any:
    """The row of any entity that the columns `<stem>_type` (a model's name) and `<stem>_id` name, by its own rule."""
    return DeclaredField(_Anything(stem), description=description)


def here(description: str, columns: str, guard: Predicate | None = None) -> Any:
    """Another face of the same row; `columns` (SQL over `{row}`) are what its fields start from."""
    return DeclaredField(_Here(columns), guard, description=description)


def many(description: str, *order: str, join: str | None = None, guard: Predicate | None = None) -> Any:
    """All visible rows whose foreign key points here, or that `join` ties to `{owner}`."""
    return DeclaredField(_Many(order, join), guard, description=description)


def rows(description: str, query: str, guard: Predicate | None = None) -> Any:
    """The rows of a query about the row; `member__` names the type of each where they differ."""
    return DeclaredField(_Rows(query), guard, description=description)


def connection(
    description: str,
    paging: Paging,
    *,
    join: str | None = None,
    guard: Predicate | None = None,
    arguments: Mapping[str, Argument] | None = None,
) -> Any:
    """A Relay connection over the rows whose foreign key points here, or that `join` ties to `{owner}`."""
    relation = _Pages(paging, join, {**PAGE, **(arguments or {})})
    return DeclaredField(relation, guard, description=description)


__all__: Sequence[str] = (
    "PAGE",
    "Argument",
    "DeclaredField",
    "Relation",
    "Target",
    "anything",
    "column",
    "computed",
    "connection",
    "guarded",
    "here",
    "identity",
    "localised",
    "many",
    "one",
    "page_arguments",
    "rows",
    "sql",
    "worded",
)
