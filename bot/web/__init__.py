"""What Ibid answers over HTTP to those who run it: health, readiness, metrics."""
