"""A remedy and its untreated twin: trained from one moment, several times each, and compared at the same iteration."""
