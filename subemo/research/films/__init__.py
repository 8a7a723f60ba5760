"""The film protocol: evaluation on films made from dialogues, labelled clips and backgrounds.

Such a film is a sound file, its subtitles and the true emotion of each cue.
`docs/research/films.md` describes the protocol and its figures.

- `splits`: the data for training, choosing and reporting, never mixed
- `dialogues`, `voices`, `film_backgrounds`: the parts of films
- `recipe`, `plan`, `disagreement`, `mixing`, `building`: making films
- `answers`, `metrics`, `evaluation`: predictions and their metrics
- `folds`: classifiers trained without a corpus
- `evidence`, `fitting`, `calibration`: fitting the parameters of a decision
- `running`: annotating films
- `protocol`: the whole protocol, as called by `subemo evaluate` and `subemo crossval`
"""
