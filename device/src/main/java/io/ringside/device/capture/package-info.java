/**
 * Captures of frames in files: pcap and pcapng.
 *
 * <p>Read in this order: {@link io.ringside.device.capture.Capture}, a file that was read whole,
 * checked, and found by frames; behind it {@code ClassicPcap} and {@code PcapNg}, one format each.
 * Then {@link io.ringside.device.capture.CaptureRecorder}, which writes one of the {@link
 * io.ringside.device.capture.CaptureFormat}s while a backend works:
 *
 * <pre>
 *   backend --&gt; record --&gt; | ring of bytes | --&gt; the recorder's own agent --&gt; file
 * </pre>
 *
 * <p>Threads: a capture any, it does not change; a recorder two, the backend's and its own. Rests
 * on: {@code device.host}, {@code ringbuf} for memory, Agrona's ring. Facts: the IETF's drafts
 * opsawg-pcap and opsawg-pcapng.
 */
@NullMarked
package io.ringside.device.capture;

import org.jspecify.annotations.NullMarked;
