"""Reading subtitle files: bytes, encoding, cues and markup."""
