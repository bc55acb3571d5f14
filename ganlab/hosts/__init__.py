"""Where runs train outside the server: workers, and the messages between them and the server."""
