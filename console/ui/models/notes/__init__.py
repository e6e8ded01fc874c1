"""The way of a note: kept on this machine first, handed over, and read again at its place."""
