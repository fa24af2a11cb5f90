"""The files that Amplify's Gen 1 CLI writes. They are read, and never written."""
