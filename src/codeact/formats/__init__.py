"""How an action is written."""
