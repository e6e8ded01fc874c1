"""What keeps watch and what acts: the alarm engine. It sees the store and the link, and no adapter and no Qt."""
