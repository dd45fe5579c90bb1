SELECT source_path, stage, error, message FROM rejected_files
