"""What leaves the screen as a file: pictures, vectors and data, each with the stamp of what it is."""
