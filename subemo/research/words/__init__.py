"""Training and judging the witness for the words: MELD's lines, and GoEmotions'."""
