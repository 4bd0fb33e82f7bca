"""Where people talk: one folder per chat system, and the replies that all of them share."""
