"""Two images compared by what a container would see: file system, settings, packages; how they are layered is left out."""
