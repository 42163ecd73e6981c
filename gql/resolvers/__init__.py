"""One file per noun: mutations, which pass their input to one rule, and the resolvers of Query's fields."""
