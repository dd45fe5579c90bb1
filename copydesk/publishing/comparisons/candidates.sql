SELECT old_id, new_id FROM candidates
ORDER BY similarity DESC, is_same_speaker DESC, distance, old_id, new_id
