"""The shapes of the API: parameters and envelopes, as marshmallow and OpenAPI know them."""
