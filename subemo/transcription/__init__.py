"""Words written down from sound."""
