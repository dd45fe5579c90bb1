"""Where files are: in folders of this machine, or in an object store under an address."""
