"""What exists: people, places and the distances between them."""
