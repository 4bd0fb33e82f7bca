"""Slack: what it delivers, turned into questions, and answers, turned into what it shows."""
