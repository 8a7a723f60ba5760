"""Pictures, by matplotlib, readable in greyscale."""
