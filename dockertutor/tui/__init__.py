"""The Textual front end. The only room that imports textual."""
