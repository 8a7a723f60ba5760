"""A subtitle file as it is read: its bytes, its encoding, its cues, their markup."""
