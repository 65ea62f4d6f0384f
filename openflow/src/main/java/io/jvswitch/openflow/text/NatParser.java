package io.jvswitch.openflow.text;

import io.jvswitch.openflow.action.NatRange;
import io.jvswitch.openflow.action.OpenFlowAction;
import io.jvswitch.openflow.action.OpenFlowAction.Nat;
import io.jvswitch.wire.IpAddress;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Reads {@code nat} inside {@code ct}. */
final class NatParser {

    private final String text;
    private int at;

    private NatParser(String text) {
        this.text = text;
    }

    static OpenFlowAction parse(String value) throws FlowTextException {
        int flags = 0;
        NatRange range = null;
        KeyValues words = new KeyValues(value);
        while (words.next()) {
            switch (words.key()) {
                case "src" -> {
                    flags |= Nat.SRC;
                    range = new NatParser(words.value()).range();
                }
                case "dst" -> {
                    flags |= Nat.DST;
                    range = new NatParser(words.value()).range();
                }
                case "persistent" -> flags |= Nat.PERSISTENT;
                case "hash" -> flags |= Nat.HASH;
                case "random" -> flags |= Nat.RANDOM;
                default -> throw new FlowTextException("invalid key \"" + words.key() + "\" in \"nat\" argument");
            }
        }
        if ((flags & (Nat.SRC | Nat.DST)) == (Nat.SRC | Nat.DST)) {
            throw new FlowTextException("May only specify one of \"src\" or \"dst\".");
        }
        if ((flags & (Nat.SRC | Nat.DST)) == 0 && flags != 0) {
            throw new FlowTextException("Flags allowed only with \"src\" or \"dst\".");
        }
        if ((flags & (Nat.HASH | Nat.RANDOM)) == (Nat.HASH | Nat.RANDOM)) {
            throw new FlowTextException("Both \"hash\" and \"random\" are not allowed.");
        }
        return new Nat(flags, range);
    }

    private @Nullable NatRange range() throws FlowTextException {
        IpAddress first = address();
        if (first == null) {
            if (at < text.length()) {
                throw garbage();
            }
            return null;
        }
        IpAddress last = null;
        if (take('-')) {
            last = address();
            if (last == null || last.isIpv4() != first.isIpv4() || last.compareTo(first) < 0) {
                throw invalid();
            }
        }
        int firstPort = 0;
        int lastPort = 0;
        if (take(':')) {
            firstPort = port();
            if (take('-')) {
                lastPort = port();
                if (lastPort < firstPort) {
                    throw invalid();
                }
            }
        }
        if (at < text.length()) {
            throw garbage();
        }
        return new NatRange(first, last, firstPort, lastPort);
    }

    private FlowTextException invalid() {
        return new FlowTextException("invalid nat range \"" + text + "\"");
    }

    private FlowTextException garbage() {
        return new FlowTextException(
                "garbage (" + text.substring(at) + ") after nat range \"" + text + "\" (pos: " + at + ")");
    }

    private boolean take(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private int port() throws FlowTextException {
        int start = at;
        while (at < text.length() && Character.digit(text.charAt(at), 10) >= 0) {
            at++;
        }
        BigInteger number = Numbers.parse(text.substring(start, at));
        if (number == null || number.bitLength() > Short.SIZE) {
            throw invalid();
        }
        return number.intValue();
    }

    /** An address at the place, in brackets or not, or null. */
    private @Nullable IpAddress address() {
        int start = at;
        boolean brackets = start < text.length() && text.charAt(start) == '[';
        int from = brackets ? start + 1 : start;
        int end = from;
        boolean ipv4 = true;
        while (end < text.length()) {
            char c = text.charAt(end);
            if (c == ':' && ipv4 && text.indexOf('.', from) >= 0 && text.indexOf('.', from) < end) {
                break;
            }
            if (Character.digit(c, 16) < 0 && c != '.' && c != ':') {
                break;
            }
            ipv4 &= c != ':';
            end++;
        }
        try {
            IpAddress address = IpAddress.parse(text.substring(from, end));
            at = brackets && end < text.length() && text.charAt(end) == ']' ? end + 1 : end;
            return address;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
