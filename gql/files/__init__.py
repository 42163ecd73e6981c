"""The bytes of attachments: their addresses, the routes that these lead to, what is taken in and given out there."""
