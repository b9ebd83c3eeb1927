"""Who may do what: roles, what a rule is about, and which rows a caller sees. Pure."""
