"""How declared fields are answered: declarations, loaders, pages, cursors, ids; and the engine."""
