"""The domain: models, rules, policies and visibility. No GraphQL, no HTTP, no queue and no mail enters here."""
