"""Size bands 体型档 as data: the pictures that farmers pick an animal's size from."""
