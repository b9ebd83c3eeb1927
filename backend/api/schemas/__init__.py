"""Wire types: one struct a JSON object, as formats.md names them."""
