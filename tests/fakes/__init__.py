"""Stand-ins for what the application talks to outside: real servers on this machine, which do as they are told."""
