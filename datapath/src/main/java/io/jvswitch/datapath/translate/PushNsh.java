package io.jvswitch.datapath.translate;

import io.jvswitch.wire.header.NshHeader;
import java.util.HexFormat;
import java.util.List;

/**
 * A network service header is put before the whole frame, which then has no Ethernet header before it until {@link
 * Action.PushEthernet}. A superframe is cut first.
 *
 * @param flags O and the bit beside it
 * @param ttl 0 to 63
 * @param mdType {@link NshHeader#MD_TYPE_1} with four words of context, or {@link NshHeader#MD_TYPE_2}
 * @param nextProtocol what the frame is, one of the {@code NEXT_} constants of {@link NshHeader}
 * @param servicePath 24 bits
 * @param serviceIndex 0 to 255
 * @param context words behind the service path header
 */
public record PushNsh(
        int flags, int ttl, int mdType, int nextProtocol, int servicePath, int serviceIndex, List<Integer> context)
        implements Action.Change {

    public PushNsh {
        context = List.copyOf(context);
        boolean fits = mdType == NshHeader.MD_TYPE_1
                ? context.size() == NshHeader.CONTEXT_WORDS
                : context.size() <= (NshHeader.MAX_BYTES - NshHeader.BYTES) / Integer.BYTES;
        if (!fits) {
            throw new IllegalArgumentException(
                    "NSH of MD type " + mdType + " has no " + context.size() + " words of context");
        }
    }

    /** Size of the whole header. */
    public int headerBytes() {
        return NshHeader.BYTES + context.size() * Integer.BYTES;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("push_nsh(flags=" + flags + ",ttl=" + ttl + ",mdtype=" + mdType + ",np="
                + nextProtocol + ",spi=0x" + Integer.toHexString(servicePath) + ",si=" + serviceIndex);
        if (mdType == NshHeader.MD_TYPE_1) {
            for (int i = 0; i < context.size(); i++) {
                text.append(",c").append(i + 1).append("=0x").append(Integer.toHexString(context.get(i)));
            }
        } else {
            text.append(",md2=0x");
            context.forEach(word -> text.append(HexFormat.of().toHexDigits(word)));
        }
        return text.append(')').toString();
    }
}
