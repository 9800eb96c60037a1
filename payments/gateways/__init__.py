"""Those who take money for our users; each a file, behind the protocol in ``base``."""
