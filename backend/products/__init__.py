"""Tariffs as data: one TOML file a product version, read by ``load.py`` alone."""
