"""What an operator reads of mails: never what one says, and addresses masked unless they are asked for."""
