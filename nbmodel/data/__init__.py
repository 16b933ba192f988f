"""Every number of the collection with its unit and source, and the modules that read and write tables."""
