"""The study of a case's common base, part by part: what is played, its numbers, words and pictures."""
