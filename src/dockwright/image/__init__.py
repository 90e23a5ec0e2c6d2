"""Images to the byte: layers replayed, bytes attributed, two images compared. Pure: bytes in, values out.

source.py     an archive, layout or stream to images    blobs.py      where the parts of an archive lie
streams.py    pieces, windows, gzip and zstd            tar.py        headers of ustar, GNU, pax    sparse.py
layers.py     a layer's entries, hashed as they pass    entries.py    what an entry and a layer are
replay.py     layers on top of each other, what is hidden by what, and why
account.py    shipped, live, dead, by layer             junk.py  duplicates.py  programs.py  dive.py
history.py    the history as instructions               packages/     what package managers have installed
limits.py     what an image may ask of us               diff/         whether two images are the same
"""
