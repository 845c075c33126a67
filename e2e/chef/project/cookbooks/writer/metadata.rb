name 'writer'
version '1.0.0'
