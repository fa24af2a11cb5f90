"""What a browser does with a request and its response, by the Fetch standard."""
