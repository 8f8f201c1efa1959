"""The ledger, pure: bytes in, bytes out. Formats published elsewhere (RFC 6962, RFC 8785, C2SP), not ours."""
