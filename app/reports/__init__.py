"""What is told: report definitions, and the tables built from them."""
