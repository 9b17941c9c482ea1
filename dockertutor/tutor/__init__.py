"""The core, with no UI: attempts, watching, gathering, hints, progress, ledger. Front ends use session and view."""
