"""Which cue shows which tag, in which words: policy, layout, vocabulary, and the result."""
