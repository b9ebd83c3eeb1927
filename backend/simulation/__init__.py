"""Counties in virtual time: the real claim process with made-up farms, people, phones, trucks, banks and frauds."""
