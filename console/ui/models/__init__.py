"""What the screen shows, as Qt objects without pixels."""
