package io.ringside.xen.netfront.frontend;

/** For how long a backend may write to a page that it has filled. */
public enum ReceivePages {
    /**
     * Its grant stays, and the page is offered again with it: cheap, but a backend that breaks its
     * word can change a packet that the workload is looking at.
     */
    REUSED,
    /** The grant is taken back before anybody sees the packet: what it holds does not change. */
    REVOKED
}
