"""What `make bench` measures. Nothing here is a test: other programs on the machine would decide whether it passes."""
