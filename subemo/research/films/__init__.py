"""Films made of dialogues, labelled clips and backgrounds, and what a model is worth on them.

A film of this package is a sound file, its subtitles and the truth about each cue.
`docs/films.md` describes the protocol and its figures.

- `splits`: what may train, choose and report, and that they are never mixed
- `dialogues`, `voices`, `film_backgrounds`: what films are made of
- `recipe`, `plan`, `disagreement`, `mixing`, `building`: how one is made
- `answers`, `metrics`, `evaluation`: what a model answered, and how right it was
- `folds`: a classifier trained without a corpus
- `evidence`, `fitting`, `calibration`: how the numbers of a decision are fitted
- `running`: how films are annotated, and what was answered to them
- `protocol`: all of it, as `subemo evaluate` and `subemo crossval` call it
"""
