"""What keeps watch and what acts: alarms, commands, people, audit. It sees the store and the link, and no Qt."""
