"""What is refused about the files of documents: announced, uploaded, downloaded (domain section 5)."""

from domain.refusals.kinds import ErrorCode, Refusal


class FilenameInvalid(Refusal):
    """No name of a file: with a folder in it, hidden signs, or nothing before the extension."""

    message = "This is not the name of a file, such as invoice.pdf: without folders, slashes and hidden characters."


class FilenameTaken(Refusal):
    """Two files of one document can't have the same name."""

    code = ErrorCode.TAKEN
    message = "This document has a file called “{filename}” already. Give this one another name."


class FileTypeNotAllowed(Refusal):
    """Files with this extension aren't taken."""

    message = "Files like “{filename}” can't be attached. Possible are: {possible}."


class ContentTypeMismatch(Refusal):
    """The media type isn't one of files with this extension."""

    message = "“{content_type}” is not the media type of “{filename}”. Possible are: {possible}."


class FileEmpty(Refusal):
    """A file has at least one byte."""

    message = "A file must have at least 1 byte."


class FileTooLarge(Refusal):
    """A file has more bytes than fit."""

    message = "This file is too large: at most {maximum} MB are possible."


class ChecksumInvalid(Refusal):
    """No SHA-256 in hexadecimal."""

    message = "This is not a SHA-256 in hexadecimal: 64 digits and letters from a to f."


class TooManyAttachments(Refusal):
    """A document has as many files as it can have."""

    message = "A document has at most {maximum} files."


class UploadTooLong(Refusal):
    """More bytes came than were announced."""

    message = "“{filename}” was announced with {announced} bytes, and more came. Nothing of it was kept."


class UploadTooShort(Refusal):
    """Fewer bytes came than were announced."""

    message = "“{filename}” was announced with {announced} bytes, but {received} came. Upload it again as a whole."


class UploadStalled(Refusal):
    """Nothing came for too long."""

    code = ErrorCode.EXPIRED
    message = "Nothing more of “{filename}” came for {seconds} seconds. Upload it again as a whole."


class ChecksumWrong(Refusal):
    """What came isn't what was announced."""

    message = "What came of “{filename}” doesn't have the SHA-256 that was announced. Upload it again as a whole."


class ContentWrong(Refusal):
    """The bytes aren't those of a file of its kind."""

    message = (
        "The content of “{filename}” doesn't match its extension. Announce the file with the right extension, or upload"
        " another one."
    )


class AlreadyUploaded(Refusal):
    """The bytes have arrived whole, so that the address has done its work."""

    code = ErrorCode.CONFLICT
    message = "“{filename}” has arrived already."


class FileAddressInvalid(Refusal):
    """No address of ours, or one that was changed."""

    code = ErrorCode.FORBIDDEN
    message = "This address of a file is not one of ours. Ask for a new one."


class FileAddressExpired(Refusal):
    """The address was good for a short time only."""

    code = ErrorCode.EXPIRED
    message = "This address of a file has expired. Ask for a new one."


class FileAddressForOther(Refusal):
    """An address to upload to was asked for a download, or the other way round."""

    code = ErrorCode.FORBIDDEN
    message = "This address of a file is for {method} only."


class StoreUnavailable(Refusal):
    """The object store doesn't answer."""

    code = ErrorCode.UNAVAILABLE
    message = "Files can't be stored or read at the moment. Try again later."
