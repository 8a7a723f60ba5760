"""The film protocol: evaluation on films made from dialogues, labelled clips and backgrounds.

Such a film is a sound file, its subtitles and the true emotion of each cue.
`docs/research/films.md` describes the protocol and its figures.

- `dialogues`, `plan`, `building`: making films
- `answers`, `metrics`, `evaluation`: annotating them, and metrics of the predictions
- `folds`: classifiers trained without a corpus
- `calibration`: fitting the parameters of a decision
- `protocol`: the whole protocol, as called by `subemo evaluate` and `subemo crossval`
"""
