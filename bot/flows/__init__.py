"""One file per thing the bot does. Nothing here imports a client library."""
