"""Rules about all code, so that the hundredth contributor keeps them without having read them."""
