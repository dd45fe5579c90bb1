"""What the command `copydesk` can do: a module for each kind of thing that people ask for."""
