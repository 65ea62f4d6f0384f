package io.jvswitch.wire.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Capture files of libpcap's classic format (version 2.4, Ethernet): a 24-byte header, then 16 bytes and the frame for
 * each one.
 */
public final class PcapFile {

    private static final int MAGIC_MICROSECONDS = 0xa1b2_c3d4;
    private static final int LINKTYPE_ETHERNET = 1;
    private static final int SNAPLEN_BYTES = 262_144;

    private PcapFile() {}

    /** Writes frames, a second apart. */
    public static void write(Path file, List<byte[]> frames) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteBuffer header = ByteBuffer.allocate(24);
        header.putInt(MAGIC_MICROSECONDS).putShort((short) 2).putShort((short) 4);
        header.putLong(0).putInt(SNAPLEN_BYTES).putInt(LINKTYPE_ETHERNET);
        out.write(header.array());
        for (int i = 0; i < frames.size(); i++) {
            int bytes = frames.get(i).length;
            out.write(ByteBuffer.allocate(16)
                    .putInt(i)
                    .putInt(0)
                    .putInt(bytes)
                    .putInt(bytes)
                    .array());
            out.write(frames.get(i));
        }
        Files.write(file, out.toByteArray());
    }

    /**
     * Reads the frames of a capture in either byte order, as {@code tcpdump -w} writes it; a frame cut short at the end
     * is left out.
     */
    public static List<byte[]> read(Path file) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file));
        List<byte[]> frames = new ArrayList<>();
        if (in.remaining() < 24) {
            return frames;
        }
        in.order(in.getInt(0) == MAGIC_MICROSECONDS ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        in.position(24);
        while (in.remaining() >= 16) {
            int bytes = in.getInt(in.position() + 8);
            if (in.remaining() < 16 + bytes) {
                break;
            }
            byte[] frame = new byte[bytes];
            in.position(in.position() + 16).get(frame);
            frames.add(frame);
        }
        return frames;
    }
}
