"""What is kept of one operation: a plan for each shape of its variables and of who asks, or why it has none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import FragmentDefinitionNode
from graphql.execution.values import VariableValues

from domain.standing import Standing
from gql.reading.engine.arguments import ArgumentReader
from gql.reading.engine.compile import Compiler
from gql.reading.engine.fallback import NotCompiled
from gql.reading.engine.plan import Plan
from gql.reading.engine.variables import Variables

SHAPES: Final = 32
"""How many plans one operation has at most: another one for each shape of its variables and of who asks."""
FAILURES: Final = 3
"""How often a plan fails before it isn't tried again."""


@dataclass
class KeptPlan:
    """A plan, and how often it failed."""

    plan: Plan
    failures: int = 0

    @property
    def off(self) -> bool:
        """Has it failed so often that it isn't tried again?"""
        return self.failures >= FAILURES


@dataclass
class KeptOperation:
    """An operation, or a part of one, that comes again.

    Attributes:
        made: Compiles it.
        fragments: The document's fragments.
        variables: Those that it declares.
        first_slot: The number of the first value of an argument: how many there are before.
        plans: Those that it has.
    """

    made: Callable[[Compiler], Plan]
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Variables
    first_slot: int = 0
    plans: list[KeptPlan] = field(default_factory=list)
    # The words alone: an exception that is raised again and again holds on to whoever it was raised for.
    _refused: list[tuple[Mapping[str, object], str]] = field(default_factory=list)

    def found(
        self, reader: ArgumentReader, given: VariableValues, standing: Standing
    ) -> tuple[KeptPlan, list[Any]] | None:
        """The plan for these values of the variables and this asker, with its values; None where it is yet to be made.

        Raises:
            NotCompiled: It isn't tried again.
        """
        for kept in self.plans:
            if not kept.plan.facts.fit(standing):
                continue
            values = kept.plan.values(reader, given)
            if values is not None:
                if kept.off:
                    raise NotCompiled("switched off")
                return kept, values
        for decided, reason in self._refused:
            if all(given.coerced.get(name) == value for name, value in decided.items()):
                raise NotCompiled(reason)
        if len(self.plans) + len(self._refused) >= SHAPES:
            raise NotCompiled("too many shapes")
        return None

    def keep(self, plan: Plan) -> KeptPlan:
        """Keeps a plan that was made."""
        self.plans.append(KeptPlan(plan))
        return self.plans[-1]

    def refuse(self, decided: Mapping[str, object], reason: str) -> None:
        """Keeps that there is none.

        Args:
            decided: The values of variables that directives looked at: with others they may leave out what can't be
                compiled.
            reason: Why there is none.
        """
        self._refused.append((dict(decided), reason))
