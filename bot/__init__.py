"""The conversation: a message in, a cited reply out. Asynchronous; it knows documents only through the Library port."""
