"""Resolution of declared fields: declarations, loaders, pages, cursors, ids; and the reading engine."""
