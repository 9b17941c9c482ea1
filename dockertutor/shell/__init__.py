"""The learner's terminal: pseudo-terminal, screen model, shell marks."""
