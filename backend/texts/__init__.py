"""Sentences for farmers and officers, one TOML file a language, read by ``load.py`` alone."""
