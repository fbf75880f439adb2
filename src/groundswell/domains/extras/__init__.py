"""Mechanisms that are off unless a claim or an account asks for them: what the texts dispute and no record settles."""
