"""Files as the domain knows them: which can be attached, how one is looked at on its way in, and the store."""
