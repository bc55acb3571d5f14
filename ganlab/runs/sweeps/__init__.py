"""Many GANs that differ in one or two settings, trained together."""
