"""Small changes to the source that each take one rule out, and the tests that must fail when it is gone: `make mutants`."""
