"""Indemnity 赔款: what a loss comes to, computed exactly and said in a working that can be done by hand."""
