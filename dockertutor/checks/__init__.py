"""Check kinds and matchers, and judge(check, facts), pure. Import from here; the modules inside are private."""
