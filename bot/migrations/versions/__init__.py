"""One file for each change of the conversations' schema, in order."""
