"""What a mail says, and the octets that say it."""
