"""What the screen knows of commands: wishes, previews, the journal as rows, and their words."""
