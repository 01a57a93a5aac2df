"""What code in a session may call: functions of the host, and what travels between them and the session."""
