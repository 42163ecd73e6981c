"""Transfer of attachments: signed addresses, routes, uploads and downloads."""
