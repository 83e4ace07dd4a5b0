"""The web: the customers' wire, the operator's API, the pages."""
