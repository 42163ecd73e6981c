"""How declared fields are answered: declarations, loaders, pages, cursors, ids; the engine beside them."""
