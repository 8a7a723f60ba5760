"""Finding a film's subtitles: beside it, in it, or transcribed from its sound."""
