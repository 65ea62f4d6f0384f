package io.jvswitch.dhcp.subnet;

import io.jvswitch.wire.IpAddress;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a client boots from. Immutable.
 *
 * @param nextServer address of the TFTP server ({@code siaddr}, options 66 and 150), or null
 * @param serverName its name ({@code sname}, option 66), or null for its address
 * @param file what to load ({@code file}, option 67), or null
 * @param filesByArchitecture what to load instead, by the client's architecture (option 93; RFC 4578, section 2.1)
 * @param ipxeFile what iPXE loads (user class "iPXE", option 77), or null for the same as others. Needed where {@code
 *     file} is iPXE itself, which would otherwise load itself in a loop
 */
public record DhcpBoot(
        @Nullable IpAddress nextServer,
        @Nullable String serverName,
        @Nullable String file,
        Map<Integer, String> filesByArchitecture,
        @Nullable String ipxeFile) {

    /** Longest name of a file or server: what fits one option. */
    public static final int MAX_TEXT_BYTES = 255;

    public DhcpBoot {
        filesByArchitecture = java.util.Collections.unmodifiableMap(new TreeMap<>(filesByArchitecture));
        if (nextServer != null && !nextServer.isIpv4()) {
            throw new IllegalArgumentException("DHCP boot: next server " + nextServer + ": expected an IPv4 address");
        }
        expectText(serverName);
        expectText(file);
        expectText(ipxeFile);
        filesByArchitecture.values().forEach(DhcpBoot::expectText);
    }

    /** Whether a file or server can have this name: printable ASCII, with no space at either end. */
    public static boolean isText(String text) {
        return text.length() <= MAX_TEXT_BYTES && text.matches("[!-~]([ -~]*[!-~])?");
    }

    private static void expectText(@Nullable String text) {
        if (text != null && !isText(text)) {
            throw new IllegalArgumentException(
                    "DHCP boot: '" + text + "': expected 1 to " + MAX_TEXT_BYTES + " printable ASCII characters");
        }
    }
}
