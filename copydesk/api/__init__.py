"""What `import copydesk` offers: functions of one line each, and rows as people read them."""
