package io.ringside.xen.blkfront.frontend;

/** What a frontend would not take from its backend. */
public enum BlkfrontRefusal {
    /** A status without a name: the request ends as an error. */
    STATUS,
    /** A page that was still mapped when its request was answered: the request ends as an error. */
    KEPT_PAGE,
    /** An offer that makes no sense: it counts as not made. */
    OFFER,
    /** A response index that cannot be: the device is closed, as for all that follow. */
    RING_INDEX,
    /** An answer to a number that is not in flight. */
    ID,
    /** An answer that names another operation than the request did. */
    OPERATION,
    /** So many pages kept that the largest request has no room any more. */
    TOO_MANY_KEPT_PAGES,
    /** A key of the disk itself that is missing, malformed or out of range. */
    KEY
}
