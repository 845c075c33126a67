exit 37
