"""/ibid reindex and /ibid note: the index is brought up to date, gone back from, and watched over from Slack."""
