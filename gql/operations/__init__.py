"""Operations on their way to an answer: which is meant, how it is named and observed, the short way of known ones."""
