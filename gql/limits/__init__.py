"""How much one operation, and one viewer in a minute, may ask for."""
