"""Refusals about the files of documents: announced, uploaded, downloaded (domain section 5)."""

from domain.refusals.kinds import ErrorCode, Refusal


class FilenameInvalid(Refusal):
    """The name contains a folder or invisible characters, or has nothing before the extension."""

    message = "This is not the name of a file, such as invoice.pdf: without folders, slashes and hidden characters."


class FilenameTaken(Refusal):
    """Two files of one document can't have the same name."""

    code = ErrorCode.TAKEN
    message = "This document has a file called “{filename}” already. Give this one another name."


class FileTypeNotAllowed(Refusal):
    """Files with this extension can't be attached."""

    message = "Files like “{filename}” can't be attached. Possible are: {possible}."


class ContentTypeMismatch(Refusal):
    """The media type isn't one of files with this extension."""

    message = "“{content_type}” is not the media type of “{filename}”. Possible are: {possible}."


class FileEmpty(Refusal):
    """A file has at least one byte."""

    message = "A file must have at least 1 byte."


class FileTooLarge(Refusal):
    """The file has more bytes than are allowed."""

    message = "This file is too large: at most {maximum} MB are possible."


class ChecksumInvalid(Refusal):
    """The checksum is no SHA-256 in hexadecimal."""

    message = "This is not a SHA-256 in hexadecimal: 64 digits and letters from a to f."


class TooManyAttachments(Refusal):
    """The document would have more files than are allowed."""

    message = "A document has at most {maximum} files."


class UploadTooLong(Refusal):
    """More bytes arrived than were announced."""

    message = "“{filename}” was announced with {announced} bytes, and more came. Nothing of it was kept."


class UploadTooShort(Refusal):
    """Fewer bytes arrived than were announced."""

    message = "“{filename}” was announced with {announced} bytes, but {received} came. Upload it again as a whole."


class UploadStalled(Refusal):
    """No bytes arrived for too long."""

    code = ErrorCode.EXPIRED
    message = "Nothing more of “{filename}” came for {seconds} seconds. Upload it again as a whole."


class ChecksumWrong(Refusal):
    """The uploaded bytes don't have the announced checksum."""

    message = "What came of “{filename}” doesn't have the SHA-256 that was announced. Upload it again as a whole."


class ContentWrong(Refusal):
    """The content doesn't match the extension."""

    message = (
        "The content of “{filename}” doesn't match its extension. Announce the file with the right extension, or upload"
        " another one."
    )


class AlreadyUploaded(Refusal):
    """The file has already arrived completely."""

    code = ErrorCode.CONFLICT
    message = "“{filename}” has arrived already."


class FileAddressInvalid(Refusal):
    """The URL isn't one of ours, or was changed."""

    code = ErrorCode.FORBIDDEN
    message = "This address of a file is not one of ours. Ask for a new one."


class FileAddressExpired(Refusal):
    """The URL has expired."""

    code = ErrorCode.EXPIRED
    message = "This address of a file has expired. Ask for a new one."


class FileAddressForOther(Refusal):
    """A URL for uploading was used for a download, or the other way round."""

    code = ErrorCode.FORBIDDEN
    message = "This address of a file is for {method} only."


class StoreUnavailable(Refusal):
    """The object store doesn't answer."""

    code = ErrorCode.UNAVAILABLE
    message = "Files can't be stored or read at the moment. Try again later."
