"""What reaches the world outside: AWS, the project's files, HTTP, npm, this machine."""
