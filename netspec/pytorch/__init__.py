"""PyTorch: source generation (without torch), building, export. Import the files: this package imports nothing."""
