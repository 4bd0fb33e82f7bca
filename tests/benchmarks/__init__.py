"""What is measured by hand, and asserted nowhere: `make bench` prints medians of one run, to be compared within it."""
