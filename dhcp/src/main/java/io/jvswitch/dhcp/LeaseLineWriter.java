package io.jvswitch.dhcp;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Writes the lines of a lease file into a buffer of its own; {@link LeaseLineReader} reads them. A line, broken in two
 * here:
 *
 * <pre>
 * bound ip=10.0.0.5 mac=02:00:00:00:00:05 id=01020000000005 until=2026-01-02T03:04:05Z port=tap5 length=3600 host=vm1
 *     crc=1c291ca3
 * </pre>
 *
 * <p>{@code id} is hexadecimal, with {@code +} before it when the MAC address is part of the identity. {@code until} is
 * in UTC, or {@code never}; {@code length} is how many seconds the state lasts, counted from when the line was written.
 * {@code crc} is the CRC-32C (RFC 3720, appendix B.4) of everything before its space, in hexadecimal; whoever edits the
 * file writes {@code edited} instead. Fields that do not apply are left out. Allocates nothing per line.
 * Single-threaded.
 */
final class LeaseLineWriter {

    /** Longest line: all fields together, with an identity of 255 bytes and a host name of 63, are well below this. */
    static final int MAX_LINE_BYTES = 1024;

    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
    private static final long SECONDS_PER_DAY = 86_400;
    /** The last second of the year 9999: later dates would have five digits. */
    private static final long LAST_SECOND = 253_402_300_799L;

    private final byte[] line = new byte[MAX_LINE_BYTES];
    private int length;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer out = ByteBuffer.allocateDirect(MAX_LINE_BYTES);

    /** Writes the line of a lease; the buffer is ready to be read, and valid until the next call. */
    ByteBuffer write(LeaseRecord.Kind kind, Lease lease) {
        length = 0;
        text(kind.word());
        text(" ip=");
        for (int shift = 24; shift >= 0; shift -= 8) {
            decimal(lease.address >>> shift & 0xff, 1);
            if (shift > 0) {
                put('.');
            }
        }
        if (lease.identity.length > 0 && kind != LeaseRecord.Kind.GONE) {
            text(" mac=");
            for (int shift = 40; shift >= 0; shift -= 8) {
                hex((int) (lease.mac >>> shift) & 0xff);
                if (shift > 0) {
                    put(':');
                }
            }
            text(lease.identityWithMac ? " id=+" : " id=");
            for (byte octet : lease.identity) {
                hex(octet & 0xff);
            }
        }
        if (lease.relayed && lease.identity.length > 0 && kind != LeaseRecord.Kind.GONE) {
            text(" relayed=yes");
        }
        if (kind != LeaseRecord.Kind.GONE) {
            text(" until=");
            until(lease.untilEpochMs);
        }
        if (lease.portName != null && kind != LeaseRecord.Kind.GONE) {
            text(" port=");
            text(lease.portName);
        }
        if (lease.lengthMs > 0 && kind != LeaseRecord.Kind.GONE && kind != LeaseRecord.Kind.FREE) {
            text(" length=");
            decimal(Math.ceilDiv(lease.lengthMs, 1000L), 1);
        }
        if (lease.hostname.length > 0 && kind != LeaseRecord.Kind.GONE) {
            text(" host=");
            for (byte octet : lease.hostname) {
                put(octet);
            }
        }
        crc.reset();
        crc.update(line, 0, length);
        int sum = (int) crc.getValue();
        text(" crc=");
        for (int shift = 24; shift >= 0; shift -= 8) {
            hex(sum >>> shift & 0xff);
        }
        put('\n');
        return out.clear().put(line, 0, length).flip();
    }

    /** Rounded up to the second: after a restart, no lease may be shorter than its client was told. */
    private void until(long epochMs) {
        if (epochMs == Lease.NEVER) {
            text("never");
            return;
        }
        long seconds = Math.clamp(Math.ceilDiv(epochMs, 1000L), 0, LAST_SECOND);
        int ofDay = (int) (seconds % SECONDS_PER_DAY);
        date(seconds / SECONDS_PER_DAY);
        put('T');
        decimal(ofDay / 3600, 2);
        put(':');
        decimal(ofDay / 60 % 60, 2);
        put(':');
        decimal(ofDay % 60, 2);
        put('Z');
    }

    /**
     * The date of a day counted from 1970-01-01, in the Gregorian calendar: years are counted from March, so that the
     * leap day is the last one.
     */
    private void date(long epochDay) {
        long day = epochDay + 719_468; // from 0000-03-01
        long era = day / 146_097; // 400 years
        long ofEra = day % 146_097;
        long year = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365;
        long ofYear = ofEra - (365 * year + year / 4 - year / 100);
        long monthFromMarch = (5 * ofYear + 2) / 153;
        int month = (int) (monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9);
        decimal(year + era * 400 + (month <= 2 ? 1 : 0), 4);
        put('-');
        decimal(month, 2);
        put('-');
        decimal(ofYear - (153 * monthFromMarch + 2) / 5 + 1, 2);
    }

    private void text(String ascii) {
        for (int i = 0; i < ascii.length(); i++) {
            put(ascii.charAt(i));
        }
    }

    private void decimal(long value, int digits) {
        long divisor = 1;
        for (int i = 1; i < digits || value / divisor >= 10; i++) {
            divisor *= 10;
        }
        for (; divisor > 0; divisor /= 10) {
            put('0' + (int) (value / divisor % 10));
        }
    }

    private void hex(int octet) {
        put(HEX[octet >>> 4]);
        put(HEX[octet & 0xf]);
    }

    private void put(int octet) {
        line[length++] = (byte) octet;
    }
}
