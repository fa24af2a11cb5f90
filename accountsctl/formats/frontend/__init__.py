"""What a front end reads: Amplify's outputs, an OpenAPI document, the page's configuration."""
