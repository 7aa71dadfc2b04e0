"""Forms of the pages where rules and campaigns are set."""
