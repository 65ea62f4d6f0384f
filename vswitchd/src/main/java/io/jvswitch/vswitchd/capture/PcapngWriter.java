package io.jvswitch.vswitchd.capture;

import io.jvswitch.datapath.capture.CapturedFrame;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.encap.TunnelFlags;
import io.jvswitch.vswitchd.Version;
import io.jvswitch.vswitchd.view.DropRemedy;
import io.jvswitch.wire.DropReason;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * pcapng (draft-ietf-opsawg-pcapng), as far as a capture needs it: no Java library on Maven Central writes it.
 *
 * <pre>
 * Section Header, Interface Description for each port, Enhanced Packet for each frame, Interface Statistics at the end;
 * each  | type (4) | length (4) | body, padded to 4 | options | length (4) |  in little-endian order
 * </pre>
 *
 * <p>An interface is described before its first frame, with the port's name; the first one at once, so that a capture
 * without frames is a file that tcpdump reads. A frame's options tell its direction, how many frames were lost before
 * it, and, as a comment, what no field has: why it was dropped, the tunnel, the segment size of a superframe.
 */
public final class PcapngWriter implements CaptureWriter {

    private static final int SECTION_HEADER = 0x0a0d_0d0a;
    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int INTERFACE_STATISTICS = 5;
    private static final int ENHANCED_PACKET = 6;
    private static final int BYTE_ORDER_MAGIC = 0x1a2b_3c4d;
    private static final int LINKTYPE_ETHERNET = 1;

    private static final int END_OF_OPTIONS = 0;
    private static final int COMMENT = 1;
    private static final int SECTION_APPLICATION = 4;
    private static final int INTERFACE_NAME = 2;
    private static final int INTERFACE_TIME_RESOLUTION = 9;
    private static final int PACKET_FLAGS = 2;
    private static final int PACKET_DROP_COUNT = 4;
    private static final int STATISTICS_DROPPED = 5;
    private static final int STATISTICS_DELIVERED = 8;

    private static final int INBOUND = 1;
    private static final int OUTBOUND = 2;
    private static final byte NANOSECONDS = 9;

    private final int firstPort;
    private final int snapBytes;
    private final IntFunction<String> portNames;
    private final LongUnaryOperator epochNs;
    /** Frames of each port; the ports in the order of their interfaces. */
    private final Map<Integer, Long> interfaces = new LinkedHashMap<>();

    private final Map<Integer, Integer> interfaceNumbers = new LinkedHashMap<>();

    /**
     * A writer for one capture.
     *
     * @param firstPort the port of the first interface
     * @param snapBytes most bytes of a frame
     * @param portNames a port's name by its number
     * @param epochNs a frame's time in nanoseconds since 1970
     */
    public PcapngWriter(int firstPort, int snapBytes, IntFunction<String> portNames, LongUnaryOperator epochNs) {
        this.firstPort = firstPort;
        this.snapBytes = snapBytes;
        this.portNames = portNames;
        this.epochNs = epochNs;
    }

    @Override
    public void begin(ByteBuf out) {
        int at = open(out, SECTION_HEADER);
        out.writeIntLE(BYTE_ORDER_MAGIC);
        out.writeShortLE(1).writeShortLE(0);
        out.writeLongLE(-1); // the section's length is not known
        text(out, SECTION_APPLICATION, "jvswitch " + Version.text());
        close(out, at);
        interfaceOf(out, firstPort);
    }

    private int interfaceOf(ByteBuf out, int port) {
        Integer known = interfaceNumbers.get(port);
        if (known != null) {
            return known;
        }
        int number = interfaceNumbers.size();
        interfaceNumbers.put(port, number);
        interfaces.put(port, 0L);
        int at = open(out, INTERFACE_DESCRIPTION);
        out.writeShortLE(LINKTYPE_ETHERNET).writeShortLE(0);
        out.writeIntLE(snapBytes);
        text(out, INTERFACE_NAME, portNames.apply(port));
        option(out, INTERFACE_TIME_RESOLUTION, 1).writeByte(NANOSECONDS).writeZero(3);
        close(out, at);
        return number;
    }

    @Override
    public void frame(ByteBuf out, CapturedFrame frame) {
        int number = interfaceOf(out, frame.port());
        interfaces.merge(frame.port(), 1L, Long::sum);
        byte[] envelope = frame.outer() ? TunnelEnvelope.of(frame) : new byte[0];
        int envelopeBytes = Math.min(envelope.length, snapBytes);
        int frameBytes = Math.min(frame.bytes().length, snapBytes - envelopeBytes);
        int capturedBytes = envelopeBytes + frameBytes;
        int at = open(out, ENHANCED_PACKET);
        out.writeIntLE(number);
        time(out, epochNs.applyAsLong(frame.timeNs()));
        out.writeIntLE(capturedBytes);
        out.writeIntLE(envelope.length + frame.lengthBytes());
        out.writeBytes(envelope, 0, envelopeBytes).writeBytes(frame.bytes(), 0, frameBytes);
        out.writeZero(padding(capturedBytes));
        String comment = comment(frame);
        if (comment != null) {
            text(out, COMMENT, comment);
        }
        option(out, PACKET_FLAGS, Integer.BYTES).writeIntLE(frame.leaving() ? OUTBOUND : INBOUND);
        if (frame.lostBefore() > 0) {
            option(out, PACKET_DROP_COUNT, Long.BYTES).writeLongLE(frame.lostBefore());
        }
        close(out, at);
    }

    /** What no field of the format tells, null when there is nothing. */
    private static @Nullable String comment(CapturedFrame frame) {
        List<String> notes = new ArrayList<>();
        DropReason drop = frame.drop();
        if (drop != null) {
            notes.add("dropped: " + DropRemedy.sentence(drop));
        }
        if (frame.outer()) {
            notes.add("the headers before the tunnel's are made up from the socket's addresses");
        } else if (frame.port() == Locations.UNDERLAY && TunnelFlags.isTunnel(frame.tunnelFlags())) {
            notes.add(tunnel(frame));
        }
        if (frame.gsoSizeBytes() > 0) {
            notes.add("superframe of segments with " + frame.gsoSizeBytes() + " bytes each");
        }
        return notes.isEmpty() ? null : String.join("; ", notes);
    }

    private static String tunnel(CapturedFrame frame) {
        boolean keyed = (frame.tunnelFlags() & TunnelFlags.KEYED) != 0;
        boolean gre = (frame.tunnelFlags() & TunnelFlags.KIND_MASK) == TunnelFlags.GRE;
        return TunnelFlags.kind(frame.tunnelFlags()).label()
                + (keyed ? (gre ? " key " : " vni ") + frame.tunnelId() : "")
                + (frame.leaving() ? " to " : " from ")
                + frame.peer();
    }

    @Override
    public void end(ByteBuf out, long lost, long nowEpochNs) {
        boolean first = true;
        for (int port : interfaces.keySet()) {
            int at = open(out, INTERFACE_STATISTICS);
            out.writeIntLE(interfaceNumbers.getOrDefault(port, 0));
            time(out, nowEpochNs);
            // of several ports nobody knows which ones the lost frames were of
            option(out, STATISTICS_DROPPED, Long.BYTES).writeLongLE(first ? lost : 0);
            option(out, STATISTICS_DELIVERED, Long.BYTES).writeLongLE(interfaces.getOrDefault(port, 0L));
            close(out, at);
            first = false;
        }
    }

    private static void time(ByteBuf out, long ns) {
        out.writeIntLE((int) (ns >>> 32)).writeIntLE((int) ns);
    }

    private static int open(ByteBuf out, int type) {
        int at = out.writerIndex();
        out.writeIntLE(type).writeIntLE(0);
        return at;
    }

    private static void close(ByteBuf out, int at) {
        option(out, END_OF_OPTIONS, 0);
        int bytes = out.writerIndex() - at + Integer.BYTES;
        out.writeIntLE(bytes);
        out.setIntLE(at + Integer.BYTES, bytes);
    }

    private static ByteBuf option(ByteBuf out, int code, int bytes) {
        return out.writeShortLE(code).writeShortLE(bytes);
    }

    private static void text(ByteBuf out, int code, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        option(out, code, bytes.length).writeBytes(bytes).writeZero(padding(bytes.length));
    }

    private static int padding(int bytes) {
        return -bytes & 3;
    }
}
