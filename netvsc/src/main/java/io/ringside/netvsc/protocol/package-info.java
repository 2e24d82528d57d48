/**
 * The synthetic network protocol of Hyper-V as bytes, numbers and names: what netvsc and netvsp
 * must agree on. It has two layers: NVSP says where RNDIS messages lie, and RNDIS says what they
 * are.
 *
 * <p>Read in this order. NVSP: {@link io.ringside.netvsc.protocol.NvspMessage} (every message is
 * one) with {@link io.ringside.netvsc.protocol.NvspMessageType}, {@link
 * io.ringside.netvsc.protocol.NvspStatus} and {@link io.ringside.netvsc.protocol.NvspVersion}, then
 * {@link io.ringside.netvsc.protocol.NvspCapability} and {@link
 * io.ringside.netvsc.protocol.SendIndirectionTable}. RNDIS with frames: {@link
 * io.ringside.netvsc.protocol.RndisPacket} and {@link io.ringside.netvsc.protocol.PerPacketInfo},
 * whose values are {@link io.ringside.netvsc.protocol.ChecksumInfo}, {@link
 * io.ringside.netvsc.protocol.LargeSendInfo}, {@link io.ringside.netvsc.protocol.VlanInfo} and
 * {@link io.ringside.netvsc.protocol.FragmentInfo}. RNDIS with questions: {@link
 * io.ringside.netvsc.protocol.RndisRequest}, {@link io.ringside.netvsc.protocol.RndisCompletion},
 * {@link io.ringside.netvsc.protocol.RndisIndication} and {@link io.ringside.netvsc.protocol.Oid},
 * whose answers are {@link io.ringside.netvsc.protocol.NdisOffload}, {@link
 * io.ringside.netvsc.protocol.OffloadParameters}, {@link
 * io.ringside.netvsc.protocol.RssCapabilities}, {@link io.ringside.netvsc.protocol.RssParameters},
 * {@link io.ringside.netvsc.protocol.RndisConfigParameter}, {@link
 * io.ringside.netvsc.protocol.LinkState}, {@link io.ringside.netvsc.protocol.OffloadEncapsulation}
 * and {@link io.ringside.netvsc.protocol.PacketFilter}.
 *
 * <p>Threads: a flyweight belongs to one thread; all else is constant. Rests on: Agrona's buffers.
 * Facts: drivers/net/hyperv/hyperv_net.h and linux/rndis.h, as recorded in the wire facts {@code
 * hv-netvsc}; what only Windows knows, in ntddndis.h and in Microsoft's OpenVMM.
 */
@NullMarked
package io.ringside.netvsc.protocol;

import org.jspecify.annotations.NullMarked;
