"""A compiled operation: one statement, and one function that builds the response from its row."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from graphql.execution.values import VariableValues

from domain.actor import Actor
from domain.standing import Standing
from gql.reading.engine.arguments import ArgumentReader, CompiledArguments
from gql.reading.engine.compiler import Compiler
from gql.reading.engine.facts import FactParameters, bind_facts
from gql.reading.engine.fallback import Fallback
from gql.reading.engine.statement import Statement

MAX_STATEMENT_LENGTH: Final = 50_000
"""The length of the longest statement, in characters; a connection that prepares it uses some 100 bytes for each.

A statement with more columns than PostgreSQL supports (1,664) is longer than that.
"""
_SLOT: Final = re.compile(r"«(\d+)»")
_PARAMETER: Final = re.compile(r"\$(\d+)")

Build = Callable[[Sequence[Any], Sequence[Any], Actor], dict[str, Any]]


@dataclass(frozen=True)
class Plan:
    """An operation compiled for one shape of its variables, and for viewers with the same kinds of facts.

    Attributes:
        statement: The SQL.
        facts: The facts about the viewer that are the first parameters of the statement.
        used_slots: The slots of the argument values that follow them, in order.
        build: Builds the response's data from the row, the argument values, and the viewer.
    """

    statement: str
    facts: FactParameters
    used_slots: tuple[int, ...]
    build: Build
    _arguments: tuple[CompiledArguments, ...]
    _directive_variables: Mapping[str, object]
    _joined_statements: dict[str, str] = field(default_factory=dict)

    def argument_values(self, reader: ArgumentReader, variables: VariableValues) -> list[Any] | None:
        """The values of the arguments with these variables; None if the plan is for others."""
        if any(variables.coerced.get(name) != value for name, value in self._directive_variables.items()):
            return None
        all_values: list[Any] = []
        for arguments in self._arguments:
            values = arguments.values(reader, variables)
            if values is None:
                return None
            all_values += values
        return all_values

    def parameters(self, standing: Standing, argument_values: Sequence[Any]) -> list[Any]:
        """The statement's parameters for a viewer with that standing, and these argument values."""
        return [*self.facts.values(standing), *(argument_values[slot] for slot in self.used_slots)]

    def statement_joined_with(self, other: str) -> str:
        """The statement with the columns of another one after its own; they are null if the other has no row.

        Args:
            other: The other statement. Its parameters follow those of this one.
        """
        if other not in self._joined_statements:
            first = len(self.facts.names) + len(self.used_slots)
            renumbered = _PARAMETER.sub(lambda number: f"${first + int(number[1])}", other)
            rows = f"({self.statement}) mine__ left join ({renumbered}) other__ on true"
            self._joined_statements[other] = f"select mine__.*, other__.* from {rows}"
        return self._joined_statements[other]


def make_plan(compiler: Compiler, fields: Mapping[str, str]) -> Plan:
    """The plan of an operation whose levels are compiled.

    Args:
        compiler: The compiler that compiled them.
        fields: The code of each field of the response, over the objects of the levels.

    Raises:
        Fallback: Its statement is too long.
    """
    template = Statement(compiler.levels)
    text, facts = bind_facts(template.text, compiler.standing, compiler.facts)
    statement, used_slots = _number_slots(text, len(facts.names))
    if len(statement) > MAX_STATEMENT_LENGTH:
        raise Fallback("long statement")
    source = template.build_source(", ".join(f"{key!r}: {code}" for key, code in fields.items()))
    namespace = dict(compiler.namespace.bindings)
    exec(source, namespace)  # noqa: S102  # generated from names of the schema and response keys, which are GraphQL names
    return Plan(
        statement=statement,
        facts=facts,
        used_slots=used_slots,
        build=namespace["build"],
        _arguments=tuple(compiler.compiled_arguments),
        _directive_variables=dict(compiler.selection.directive_variables),
    )


def _number_slots(statement: str, parameters_before: int) -> tuple[str, tuple[int, ...]]:
    """The statement with a parameter number for each slot, and the slots in that order."""
    used = tuple(sorted({int(slot) for slot in _SLOT.findall(statement)}))
    parameters = {slot: f"${number}" for number, slot in enumerate(used, parameters_before + 1)}
    return _SLOT.sub(lambda match: parameters[int(match[1])], statement), used
