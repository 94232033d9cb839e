"""A class graded on a Dask cluster: the client that hands out, the process that grades on each worker, what crosses."""
