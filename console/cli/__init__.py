"""The subcommands of `meridian`: each module adds its own parser and runs it."""
