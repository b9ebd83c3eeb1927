"""How farmers prove who they are: one-time codes, policy cards, families of tokens, links, and what limits them."""
