"""Requests to a model server: the connection, its limits, its waiting, and its refusals."""
