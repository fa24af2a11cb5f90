"""From a request and the facts about an API to the causes of its failure."""
