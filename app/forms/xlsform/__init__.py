"""XLSForm workbooks: forms of ours written as one, and workbooks of others read as forms."""
