"""People: who comes out and stays, what they want and do there, what they hear, who works and who strikes."""
