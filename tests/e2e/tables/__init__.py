"""What the tests compare with: tables of packets, calls and rules, each row with the document that says so."""
