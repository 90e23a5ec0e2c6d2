"""Build graphs against a real BuildKit: its vertices and the images it writes."""
