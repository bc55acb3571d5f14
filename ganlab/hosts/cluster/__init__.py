"""Workers in a Ray cluster. Ray's own library is used in a process of its own, the gateway, and beside the workers."""
