"""Images to the byte: layers replayed, bytes attributed, two images compared."""
