package io.jvswitch.datapath.rewrite;

import io.jvswitch.datapath.translate.Action;
import io.jvswitch.datapath.translate.PushNsh;
import io.jvswitch.datapath.translate.SetField;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.header.MplsHeader;
import io.jvswitch.wire.header.NshHeader;
import io.jvswitch.wire.header.VlanTag;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the actions that change a frame and nothing else. What was found of its layers stays right.
 *
 * <p>Stateless; allocates nothing.
 */
public final class FrameRewriter {

    private FrameRewriter() {}

    /** Whether the frame is a superframe that must be cut before the action. */
    public static boolean mustCut(Frame frame, Action.Change change) {
        return frame.gsoType() != Frame.GSO_NONE && (change instanceof Action.PushMpls || change instanceof PushNsh);
    }

    /**
     * Changes the frame.
     *
     * @param frame whose layers extraction has set; no superframe that {@link #mustCut}
     * @return null, or why it goes no further
     */
    public static @Nullable DropReason apply(Frame frame, Action.Change change) {
        return switch (change) {
            case SetField set -> HeaderWriter.write(frame, set);
            case Action.PopVlan _ -> isEthernet(frame) ? VlanTag.pop(frame) : DropReason.NOT_ETHERNET;
            case Action.PushVlan tag ->
                isEthernet(frame)
                        ? VlanTag.push(frame, tag.tpid(), VlanTag.tciOf(tag.pcp(), false, tag.vid()))
                        : DropReason.NOT_ETHERNET;
            case Action.PushMpls push -> {
                DropReason invalid = Checksum.complete(frame);
                yield invalid != null ? invalid : MplsHeader.push(frame, push.type(), push.entry());
            }
            case Action.PopMpls pop -> MplsHeader.pop(frame, pop.type());
            case PushNsh push -> pushNsh(frame, push);
            case Action.PopNsh _ -> NshHeader.pop(frame);
            case Action.PushEthernet push -> pushEthernet(frame, push);
            case Action.PopEthernet _ -> popEthernet(frame);
            case Action.Hash hash -> {
                frame.setDpHash(FiveTupleHash.of(frame, hash.basis()));
                yield null;
            }
        };
    }

    private static boolean isEthernet(Frame frame) {
        return frame.packetType() == Frame.ETHERNET;
    }

    /**
     * Finishes what a frame, no superframe, leaves to offloads, and keeps its first bytes.
     *
     * @return null, or why it goes no further
     */
    public static @Nullable DropReason truncate(Frame frame, int maxBytes) {
        DropReason invalid = Checksum.complete(frame);
        if (invalid == null && maxBytes < frame.length()) {
            frame.resize(maxBytes);
            frame.setLayers(frame.l3At() < frame.end() ? frame.l3At() : 0, 0); // no transport header is whole any more
        }
        return invalid;
    }

    private static @Nullable DropReason pushNsh(Frame frame, PushNsh push) {
        DropReason failure = Checksum.complete(frame);
        if (failure == null) {
            failure = NshHeader.push(frame, push.headerBytes());
        }
        if (failure != null) {
            return failure;
        }
        int at = frame.start();
        NshHeader.write(
                frame.segment(),
                at,
                push.flags(),
                push.ttl(),
                push.headerBytes(),
                push.mdType(),
                push.nextProtocol(),
                push.servicePath(),
                push.serviceIndex());
        List<Integer> context = push.context();
        for (int i = 0; i < context.size(); i++) {
            NshHeader.setContext(frame.segment(), at, i, context.get(i));
        }
        return null;
    }

    private static @Nullable DropReason pushEthernet(Frame frame, Action.PushEthernet push) {
        int type = frame.packetType();
        if (type == Frame.ETHERNET) {
            return null; // has one
        }
        if (!frame.push(EthernetHeader.BYTES)) {
            return DropReason.HEADROOM;
        }
        EthernetHeader.write(frame.segment(), frame.start(), push.destination(), push.source(), type);
        frame.setPacketType(Frame.ETHERNET);
        return null;
    }

    private static @Nullable DropReason popEthernet(Frame frame) {
        if (frame.packetType() != Frame.ETHERNET) {
            return null; // has none
        }
        int type = NetworkOrder.getU16(frame.segment(), frame.start() + (long) EthernetHeader.TYPE_OFFSET);
        if (!frame.pop(EthernetHeader.BYTES)) {
            return DropReason.ETHERNET_TRUNCATED;
        }
        frame.setPacketType(type < EtherType.MINIMUM ? FlowField.ETH_TYPE_NONE : type);
        return null;
    }
}
