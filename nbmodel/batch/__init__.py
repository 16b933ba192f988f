"""Many reports: planned from a table, made by processes or a cluster, listed in an index."""
