"""The screens and dialogs of the app. A screen composes widgets and calls the session; it judges nothing."""
