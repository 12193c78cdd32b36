"""What people do: one function per verb, none of which commits."""
