"""Who may sign in, and who is signed in where: accounts, sessions, throttled tries."""
