"""What operators read about mails: never their content, and addresses masked unless requested."""
