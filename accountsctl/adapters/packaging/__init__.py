"""The packages of functions: installed by the tools that teams use, once for each user and lock file."""
