"""What the figures are compared with: the bare work, written plainly; nothing here imports `app`."""
