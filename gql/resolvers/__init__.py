"""One file a noun: from an input to one call of a rule; what Query's fields answer."""
