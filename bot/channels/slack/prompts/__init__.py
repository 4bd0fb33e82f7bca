"""`/ibid prompts`: the prompts as admins see, check, try, publish and roll them back in Slack."""
