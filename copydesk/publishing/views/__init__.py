"""The views for people, one SQL file each; its comments become those of the view."""
