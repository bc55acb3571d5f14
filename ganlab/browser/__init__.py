"""What runs in the browser: ES modules and styles, a folder for each room."""
