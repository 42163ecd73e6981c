"""The mail log, which operators read: never the content of mails, and addresses masked unless requested."""
