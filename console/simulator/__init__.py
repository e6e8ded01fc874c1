"""The demo fleet: a separate program that speaks the Site API over real HTTP."""

DEFAULT_PORT = 18440  # where `resources/demo/fleet.toml` expects the demo fleet
