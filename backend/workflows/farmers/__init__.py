"""What farmers do beside their claims: sign in, hold a card, pass on a link, change the payee."""
