"""An OpenID Connect provider with the people of the demo."""
