"""Files: the allowed types, verification of uploads, and the object store."""
