"""Training and evaluating the witness for the words: MELD's lines, and GoEmotions'."""
