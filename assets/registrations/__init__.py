"""How each registration arrives: one declaration per module, named after its bron. No logic beyond its own format."""
