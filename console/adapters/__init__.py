"""What the sites speak: one package an API, each behind the contract of `base`."""
