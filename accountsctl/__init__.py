"""accountsctl: the Amplify Gen 1 custom-resource workflow as one command-line tool."""

__version__ = "0.1.0"
