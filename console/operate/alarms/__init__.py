"""The alarm engine: rules, states, floods, and the desk that keeps what moved and answers the screens."""
