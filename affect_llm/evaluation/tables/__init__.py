"""Files of gold and predictions, read as tables whose rows are brought together by their ids."""
