"""HTTP: Litestar controllers, one file a noun, over the workflows."""
