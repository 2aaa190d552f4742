"""What is printed: QR codes of counters, and the sheets they stand on."""
