"""What a phone signs about a photo at the moment of the shutter."""
