"""Small authenticated messages between the collector and the desktops of one profile."""
