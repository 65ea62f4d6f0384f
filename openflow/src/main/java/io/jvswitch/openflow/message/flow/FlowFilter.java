package io.jvswitch.openflow.message.flow;

import io.jvswitch.openflow.Bytes;
import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.layout.WireTypes;
import io.jvswitch.openflow.message.MatchBytes;
import io.jvswitch.openflow.message.group.GroupNumbers;

/**
 * Which flows a request for statistics means.
 *
 * @param table 255 for all
 * @param outPort only flows that lead there, or {@code ANY}
 * @param outGroup only flows that lead there, or {@code ANY}; from OpenFlow 1.1 on
 * @param cookie from OpenFlow 1.1 on; Nicira's form has it among the match's fields
 * @param cookieMask which bits of the cookie count
 * @param match its bytes, see {@link MatchBytes}: of Nicira's forms a list of fields
 */
public record FlowFilter(int table, int outPort, long outGroup, long cookie, long cookieMask, Bytes match) {

    static final Layout<FlowFilter> FIXED = Layout.of(
            FlowFilter.class,
            f -> f.absent("outGroup", GroupNumbers.ANY)
                    .without("cookie", "cookieMask")
                    .field("match", MatchBytes.V1_0)
                    .u8("table")
                    .pad(1)
                    .field("outPort", WireTypes.U16));

    static final Layout<FlowFilter> NICIRA = Layout.of(
            FlowFilter.class,
            f -> f.absent("outGroup", GroupNumbers.ANY)
                    .without("cookie", "cookieMask")
                    .field("outPort", WireTypes.U16)
                    .lengthOf("match")
                    .u8("table")
                    .pad(3)
                    .boundedAligned("match", MatchBytes.FIELDS));

    static final Layout<FlowFilter> STANDARD = Layout.of(
            FlowFilter.class,
            f -> f.u8("table")
                    .pad(3)
                    .port("outPort")
                    .u32("outGroup")
                    .pad(4)
                    .u64("cookie")
                    .u64("cookieMask")
                    .field("match", MatchBytes.STANDARD));
}
