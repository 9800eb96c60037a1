"""A stand-in for Stripe on this machine: a real HTTP server that Stripe's own client talks to.

It refuses what the request types of Stripe's package refuse, keeps idempotency keys, and sends signed events. The
embedded mode offers it as a sandbox, so that a newcomer can pay an invoice with a test card; the tests use the same.
"""
