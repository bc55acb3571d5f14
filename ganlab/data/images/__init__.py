"""Data sets of images: drawn here, shipped with scikit-learn, downloaded on first use, or a person's own."""
