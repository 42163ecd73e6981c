"""The cache entry of an operation: its plans, by the shape of the variables and the kinds of facts about the viewer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import FragmentDefinitionNode
from graphql.execution.values import VariableValues

from domain.standing import Standing
from gql.reading.engine.arguments import ArgumentReader
from gql.reading.engine.compiler import Compiler
from gql.reading.engine.fallback import Fallback
from gql.reading.engine.plan import Plan
from gql.reading.engine.variables import Variables

MAX_PLANS: Final = 32
"""How many plans one operation has at most: one for each shape of its variables and each combination of facts."""
MAX_FAILURES: Final = 3
"""How often a plan fails before it is disabled."""


@dataclass
class PlanEntry:
    """A plan, and how often it failed."""

    plan: Plan
    failures: int = 0

    @property
    def is_disabled(self) -> bool:
        """Has it failed so often that it isn't tried again?"""
        return self.failures >= MAX_FAILURES


@dataclass
class OperationEntry:
    """An operation, or a selection inside one, with its plans.

    Attributes:
        compile: Compiles it.
        fragments: The document's fragments.
        variables: The variables that it declares.
        first_slot: The number of the slot of the first argument value: how many slots come before.
        plans: Its plans so far.
    """

    compile: Callable[[Compiler], Plan]
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Variables
    first_slot: int = 0
    plans: list[PlanEntry] = field(default_factory=list)
    # Reasons and no exceptions: the traceback of a stored exception would keep its request alive.
    _rejections: list[tuple[Mapping[str, object], str]] = field(default_factory=list)

    def find(
        self, reader: ArgumentReader, variables: VariableValues, standing: Standing
    ) -> tuple[PlanEntry, list[Any]] | None:
        """The plan for these variables and this standing, with the argument values; None if it isn't compiled yet.

        Raises:
            Fallback: It can't be compiled, or is disabled.
        """
        for entry in self.plans:
            if not entry.plan.facts.matches(standing):
                continue
            values = entry.plan.argument_values(reader, variables)
            if values is not None:
                if entry.is_disabled:
                    raise Fallback("switched off")
                return entry, values
        for directive_variables, reason in self._rejections:
            if all(variables.coerced.get(name) == value for name, value in directive_variables.items()):
                raise Fallback(reason)
        if len(self.plans) + len(self._rejections) >= MAX_PLANS:
            raise Fallback("too many shapes")
        return None

    def add(self, plan: Plan) -> PlanEntry:
        """Adds a plan that was compiled."""
        self.plans.append(PlanEntry(plan))
        return self.plans[-1]

    def reject(self, directive_variables: Mapping[str, object], reason: str) -> None:
        """Records that it can't be compiled.

        Args:
            directive_variables: The values of the variables in directives: other values may exclude what can't be
                compiled.
            reason: Why it can't.
        """
        self._rejections.append((dict(directive_variables), reason))
