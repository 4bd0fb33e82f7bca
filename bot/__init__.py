"""The conversation: a message in, a cited reply out. Asynchronous; it knows documents only through the Library port."""

VERSION = "0.1.0"  # pyproject.toml says the same; a test compares them
