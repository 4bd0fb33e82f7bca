"""What fills the ports: each adapter translates between one outside thing and the conversation's values, and decides nothing."""
