"""Gemini, by a key of AI Studio or on Vertex AI: one way to ask, two ways to be let in."""
