"""Where documents come from: each connector lists files with their bytes and metadata files."""
