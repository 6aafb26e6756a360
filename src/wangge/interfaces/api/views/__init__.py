"""The operations: each decodes, makes one domain call, and renders."""
