package io.ringside.netvsc.protocol;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.frame.FrameHeaders;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Objects;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Row 1: memory that the peer can change at any time is read once, word by word; what was checked
 * is what is used.
 */
final class ReadOnceTest {
    private static final int BYTES = 256;

    private final UnsafeBuffer memory = new UnsafeBuffer(new byte[BYTES]);
    private final int[] reads = new int[BYTES];
    private final DirectBuffer watched =
            (DirectBuffer)
                    Proxy.newProxyInstance(
                            DirectBuffer.class.getClassLoader(),
                            new Class<?>[] {DirectBuffer.class},
                            (proxy, method, arguments) -> read(method, arguments));

    private Object read(final Method method, final @Nullable Object @Nullable [] arguments)
            throws IllegalAccessException, InvocationTargetException {
        final Object value = Objects.requireNonNull(method.invoke(memory, arguments));
        final int width =
                switch (value) {
                    case Byte one -> Byte.BYTES;
                    case Short two -> Short.BYTES;
                    case Integer four -> Integer.BYTES;
                    case Long eight -> Long.BYTES;
                    default -> throw new AssertionError("not a word: method=" + method);
                };
        final int at = (int) Objects.requireNonNull(Objects.requireNonNull(arguments)[0]);
        for (int i = at; i < at + width; i++) {
            reads[i]++;
        }
        return value;
    }

    private void assertReadOnce(final int fromBytes, final int toBytes) {
        for (int i = 0; i < BYTES; i++) {
            assertThat(reads[i]).as("byte %d", i).isLessThanOrEqualTo(1);
        }
        int count = 0;
        for (int i = fromBytes; i < toBytes; i++) {
            count += reads[i];
        }
        assertThat(count).as("something was read at all").isPositive();
    }

    @Test
    void readsEachWordOfAMessageOnce() {
        RndisPacket.put(memory, 8, 48, 60, 156);
        final RndisPacket packet = new RndisPacket();
        assertThat(packet.read(watched, 8, 200)).isTrue();
        memory.setMemory(0, BYTES, (byte) 0xff);
        assertThat(packet.messageBytes()).isEqualTo(156);
        assertThat(packet.frameOffset()).isEqualTo(8 + 44 + 48);
        assertThat(packet.frameBytes()).isEqualTo(60);
        assertThat(packet.infoOffset()).isEqualTo(8 + 44);
        assertThat(packet.infoBytes()).isEqualTo(48);
        assertReadOnce(8, 8 + RndisPacket.HEADER_BYTES);
    }

    @Test
    void readsEachWordOfPacketInformationOnce() {
        int at = PerPacketInfo.put(memory, 0, PerPacketInfo.HASH_VALUE, 0x1111);
        at = PerPacketInfo.put(memory, at, PerPacketInfo.VLAN, 0x2222);
        at = PerPacketInfo.put(memory, at, PerPacketInfo.ORIGINAL_PACKET, 0x3333);
        at = PerPacketInfo.put(memory, at, PerPacketInfo.CHECKSUM, 0x4444);
        at = PerPacketInfo.put(memory, at, PerPacketInfo.LARGE_SEND, 0x5555);
        at = PerPacketInfo.put(memory, at, PerPacketInfo.FRAGMENT, 0x6666);
        final PerPacketInfo info = new PerPacketInfo();
        assertThat(info.read(watched, 0, at)).isTrue();
        memory.setMemory(0, BYTES, (byte) 0xff);
        assertThat(info.hash()).isEqualTo(0x1111);
        assertThat(info.vlan()).isEqualTo(0x2222);
        assertThat(info.checksum()).isEqualTo(0x4444);
        assertThat(info.largeSend()).isEqualTo(0x5555);
        assertThat(info.originalPacket()).isEqualTo(0x3333);
        assertThat(info.fragment()).isEqualTo(0x6666);
        assertReadOnce(0, at);
    }

    @Test
    void readsEachByteOfHeadersOnce() {
        memory.putShort(12, (short) 0x8100, BIG_ENDIAN);
        memory.putShort(16, (short) 0x86DD, BIG_ENDIAN);
        memory.putByte(18, (byte) 0x60);
        memory.putByte(24, (byte) 43); // A routing header, then a fragment's, then TCP.
        memory.putByte(58, (byte) 44);
        memory.putByte(61, (byte) 1);
        memory.putByte(66, (byte) 6);
        final FrameHeaders headers = new FrameHeaders();
        assertThat(headers.read(watched, 0, 200)).isTrue();
        assertThat(headers.protocol()).isEqualTo(6);
        assertThat(headers.transportOffset()).isEqualTo(74);
        assertReadOnce(0, 74);
        memory.putShort(16, (short) 0x0800, BIG_ENDIAN);
        memory.putByte(18, (byte) 0x46);
        memory.putByte(27, (byte) 6);
        Arrays.fill(reads, 0);
        assertThat(headers.read(watched, 0, 200)).isTrue();
        assertThat(headers.transportOffset()).isEqualTo(42);
        assertReadOnce(0, 42);
    }
}
