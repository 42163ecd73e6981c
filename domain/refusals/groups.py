"""Refusals about groups, their levels and members (manual 3)."""

from domain.refusals.kinds import ErrorCode, Refusal


class GroupNameTaken(Refusal):
    """An active group of the organisation has this name, whatever its case, accents and spaces."""

    code = ErrorCode.TAKEN
    message = "There is an active group called “{name}” already. Choose another name."


class GroupNameInactive(Refusal):
    """A deleted group has this name. Facts: `group`, that group, and `choices`."""

    code = ErrorCode.TAKEN
    message = "A deleted group is called “{name}”. Overwrite it, reactivate it, or choose another name."


class GroupRenamedToInactive(GroupNameInactive):
    """The same for renaming, where the deleted group can't be reactivated in place of the existing one."""

    message = "A deleted group is called “{name}”. Overwrite it, or choose another name."

    @classmethod
    def name(cls) -> str:
        """The name of the common rule."""
        return GroupNameInactive.name()


class GroupInactive(Refusal):
    """A deleted group can't be linked."""

    code = ErrorCode.CONFLICT
    message = "The group “{name}” has been deleted and can't be linked."


class GroupDeleted(Refusal):
    """A deleted group can't be changed."""

    code = ErrorCode.CONFLICT
    message = "The group “{name}” has been deleted and can't be changed."


class GroupLinkEnded(Refusal):
    """The group is no longer linked to the contract."""

    code = ErrorCode.CONFLICT
    message = "The group “{name}” is no longer linked to this contract."


class MemberWithoutActiveRight(Refusal):
    """Only people with an active work relation and right can be added to a group."""

    message = "{name} has no active work relation and right in this organisation, and can't be added."


class ThemeUnknown(Refusal):
    """There is no theme with this code."""

    message = "There is no theme with the code “{code}”. Possible are: {possible}."


class ThemeHidden(Refusal):
    """The theme is hidden: nothing new can be granted or exchanged on it."""

    code = ErrorCode.CONFLICT
    message = "The theme “{theme}” is not in use. Possible are: {possible}."


class ContractTypeUnknown(Refusal):
    """There is no type of contract with this code."""

    message = "There is no type of contract with the code “{code}”. Possible are: {possible}."
