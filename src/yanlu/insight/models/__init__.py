"""What insight keeps. Nobody but ``insight`` imports it; all of it can be made anew."""
