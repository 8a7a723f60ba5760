"""Training and evaluating the text model on MELD and GoEmotions."""
