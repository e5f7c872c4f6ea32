"""The commands of `palermo`, one module each."""
