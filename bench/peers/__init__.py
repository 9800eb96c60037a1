"""What we are measured against, where it is a program of its own."""
