"""Where a film's subtitles come from: beside it, in it, or made of its sound."""
