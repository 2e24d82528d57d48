package io.ringside.xen.blkfront.backend;

import io.ringside.xen.blkfront.protocol.BlkAbi;
import io.ringside.xenbus.event.EventBudget;

/**
 * What both ends have agreed on, for every ring of one connection.
 *
 * @param frontendDomain whose pages are mapped
 * @param abi the layout of the slots
 * @param keptPages most pages that each ring keeps mapped; 0 unless both ends want that
 * @param check what a request may ask for
 * @param budget the frontend's events without work
 */
record ConnectionTerms(
        int frontendDomain, BlkAbi abi, int keptPages, RequestCheck check, EventBudget budget) {}
