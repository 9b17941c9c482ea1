"""For lesson authors: lint, prove, preview, schema."""
