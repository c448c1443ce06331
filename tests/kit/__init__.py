"""What the end-to-end tests and the demo share: programs, DNS questions, HTTP, many connections. Only the
standard library, so that the demo runs without a venv. No fixed sleeps: everything waits for a condition."""
