"""The kit's own tests; the folders mirror the rooms of the kit."""
