"""The mails of the demo: taken in by the sink, kept in a Maildir, shown at /mailbox."""
