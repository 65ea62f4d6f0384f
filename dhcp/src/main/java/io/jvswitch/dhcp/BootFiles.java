package io.jvswitch.dhcp;

import io.jvswitch.dhcp.subnet.DhcpBoot;
import io.jvswitch.dhcp.subnet.OptionCode;
import io.jvswitch.dhcp.subnet.OptionEncoding;
import io.jvswitch.wire.header.DhcpMessage;
import java.nio.charset.StandardCharsets;
import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/** What the clients of a subnet boot from, ready to be copied into replies. Immutable. */
final class BootFiles {

    /**
     * A file's name.
     *
     * @param field as it is in {@code file}, or null when it is too long for that
     * @param option as option 67
     */
    @SuppressWarnings("ArrayRecordComponent") // read by its owner, never compared
    record BootFile(byte @Nullable [] field, byte[] option) {

        static BootFile of(String name) {
            byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
            // the field ends in a zero byte
            return new BootFile(
                    ascii.length < DhcpMessage.FILE_BYTES ? ascii : null,
                    OptionEncoding.option(OptionCode.BOOT_FILE, ascii));
        }
    }

    private final int nextServer;
    private final byte @Nullable [] serverName;
    private final @Nullable BootFile usual;
    private final @Nullable BootFile ipxe;
    private final Int2ObjectHashMap<BootFile> byArchitecture = new Int2ObjectHashMap<>();

    BootFiles(DhcpBoot boot) {
        nextServer = boot.nextServer() == null ? 0 : boot.nextServer().ipv4();
        String name = boot.serverName();
        serverName = name == null || name.length() >= DhcpMessage.SNAME_BYTES
                ? null
                : name.getBytes(StandardCharsets.US_ASCII);
        usual = boot.file() == null ? null : BootFile.of(boot.file());
        ipxe = boot.ipxeFile() == null ? null : BootFile.of(boot.ipxeFile());
        boot.filesByArchitecture().forEach((type, file) -> byArchitecture.put(type, BootFile.of(file)));
    }

    /** Address of the next server, or 0. */
    int nextServer() {
        return nextServer;
    }

    /** Its name as it is in {@code sname}, or null. */
    byte @Nullable [] serverName() {
        return serverName;
    }

    /**
     * What a client boots from, or null: iPXE's script first, then the loader for the client's architecture, then the
     * default.
     */
    @Nullable
    BootFile choose(DhcpRequest request) {
        if (request.ipxe && ipxe != null) {
            return ipxe;
        }
        BootFile own = request.architecture < 0 ? null : byArchitecture.get(request.architecture);
        return own != null ? own : usual;
    }
}
