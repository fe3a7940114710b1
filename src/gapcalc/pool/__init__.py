"""Pool: areas' counts in, the counts of areas put together out. Counts add, so the sums are exact."""

from gapcalc.pool.named import Placed, Pool, mixed, placed, pooled, pools_of, refused
from gapcalc.pool.regions import PLACE, rolled_up
from gapcalc.pool.sums import scores_in

__all__ = ["PLACE", "Placed", "Pool", "mixed", "placed", "pooled", "pools_of", "refused", "rolled_up", "scores_in"]
