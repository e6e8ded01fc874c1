"""The demo fleet: a separate program that speaks the Site API over real HTTP."""
