"""The waist of the house: a tree of files goes in, one `Audit` value comes out (`dockwright.audit.run.audit`).

Below it are facts and rules; above it renderers, plans and gates, which all stand on the `Audit` value alone.
"""
