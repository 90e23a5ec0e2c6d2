"""All that is known about one line of a file: what it says, where its values come from, who meets it."""
