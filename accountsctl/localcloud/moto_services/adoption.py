"""New clusters take over the data of a cluster of their name that the state does not know any more.

The state can be lost or damaged while the databases on disk are intact. They are offered here; a cluster that is
created with the same identifier in the same region gets the old resource id, and so the old data. Early versions stored
no name: if one database alone has none, the next cluster gets it. On AWS a cluster cannot be lost in this way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from moto.rds.models import DBCluster, RDSBackend

Place = tuple[str, str]
"""A region, and the identifier of a cluster in it."""

ANYWHERE: Place = ("", "")
_offered: dict[Place, str] = {}  # the resource id of the data
_adopted: dict[str, Place] = {}


def offer(found: Mapping[Place, str], nameless: Sequence[str] = ()) -> None:
    """Let the next cluster of each place take over the data of this resource id.

    `nameless`: the resource ids of data whose place is not known. Of several, none is offered: any could be anyone's.
    """
    _offered.clear()
    _adopted.clear()
    _offered.update(found)
    if len(nameless) == 1:
        _offered[ANYWHERE] = nameless[0]


def offer_again(resource_id: str) -> bool:
    """A cluster was deleted: if it had taken over its data, offer them again and return True.

    The deletion may be the rollback of the creation that took them over, and they are older than that.
    """
    place = _adopted.pop(resource_id, None)
    if place is not None:
        _offered[place] = resource_id
    return place is not None


def adopt(cluster: DBCluster, backend: RDSBackend) -> DBCluster:
    """The new cluster, which takes over the data that are offered for its place."""
    own = cluster.region, cluster.db_cluster_identifier
    place = own if own in _offered else ANYWHERE
    if cluster.engine == "aurora-postgresql" and place in _offered:
        new, old = cluster.db_cluster_resource_id, _offered.pop(place)
        # The automated snapshot of the creation holds a copy of the cluster, and is deleted by this id.
        copies = (snapshot.cluster for snapshot in backend.cluster_snapshots.values())
        for clone in (cluster, *(copy for copy in copies if copy.db_cluster_resource_id == new)):
            clone.db_cluster_resource_id = old
        _adopted[old] = place
    return cluster
