"""CI configuration read as steps: what is run where, with which variables, and which actions are used."""
