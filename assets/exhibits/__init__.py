"""What the page of an asset shows of its rows: a preview, numbers over time and a picture."""
