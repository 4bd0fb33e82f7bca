"""The `ibid` command: one file for each thing that can be typed after it. Nothing heavy is imported before a command runs."""
