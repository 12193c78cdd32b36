"""What it adds up to: frames in, frames out."""
