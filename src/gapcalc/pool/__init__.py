"""Pool: areas' counts in, the counts of areas put together out. Counts add, so the sums are exact."""

from gapcalc.pool.named import Placed, Pool, mixed, placed, pooled, pools_of, refused
from gapcalc.pool.regions import rolled_up

__all__ = ["Placed", "Pool", "mixed", "placed", "pooled", "pools_of", "refused", "rolled_up"]
