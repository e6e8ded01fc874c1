"""All of Qt. Draws what the store holds; never polls, never computes a total of its own."""
