"""How much is let in. A megabyte of gzip can hold a gigabyte of rows, and a two-kilobyte workbook a billion cells.

Look a limit up when it is needed (`limits.MAX_BYTES`), so that a test can make it small.
"""

MAX_BYTES = 2 * 1024**3  # of a file, and of what comes out of it when it is packed
MAX_RATIO = 200  # unpacked to packed; tables come to 5 to 50, and bombs to 1,000
FREE_OF_RATIO = 64 * 1024**2  # below this a high ratio does no harm
MAX_COLUMNS = 5_000
MAX_CELL = 1024**2
MAX_ROW = 16 * 1024**2  # what Arrow holds at once; beyond it the end of a row is not looked for
MAX_SHEET_CELLS = 20_000_000
MAX_SHEET_ROWS = 1_048_576  # what a spreadsheet can hold
MAX_MEMBERS = 10_000  # of a zip
MAX_UNEVEN = 1_000_000  # rows that are shorter or longer than the header; each costs time
CHUNK = 1024**2
SAMPLE = 1024**2  # what is looked at to find the delimiter and the header
SAMPLE_ROWS = 200
BATCH_ROWS = 20_000  # how many rows are held as Python objects at once
STREAMED = 1024**2  # files of so many bytes are read a stretch at a time
BLOCK = 4 * 1024**2  # a stretch of text
PARQUET_ROWS = 131_072
