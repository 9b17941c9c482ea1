"""The lesson language: model, loader, variables, glossary. Knows checks; knows no engine and no screen."""
