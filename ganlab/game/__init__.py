"""The maths that students read: losses, penalties, energies, terms of G's loss and augmentation."""
