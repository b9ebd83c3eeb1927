"""四眼原则: what one person alone may not do is proposed by one and carried out when another agrees."""
