package io.jvswitch.openflow.message.group;

import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.layout.LayoutBuilder;
import io.jvswitch.openflow.layout.WireType;
import io.jvswitch.openflow.layout.WireTypes;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adds, changes or deletes a group (OpenFlow 1.5.1, section 7.3.4.4); in OpenFlow 1.0 by Nicira's extension.
 *
 * @param command one of {@link #ADD} to {@link #ADD_OR_MODIFY}
 * @param kind 0 all, 1 select, 2 indirect, 3 fast failover
 * @param group or {@link GroupNumbers#ALL}
 * @param commandBucket where buckets are inserted or which are removed, or {@link GroupNumbers#BUCKET_ALL}; in
 *     OpenFlow 1.5
 *     and 1.0
 * @param selection how a bucket is chosen, or null; in OpenFlow 1.5 and 1.0
 */
public record GroupMod(
        int command,
        int kind,
        long group,
        long commandBucket,
        List<Bucket> buckets,
        @Nullable SelectionMethod selection)
        implements Message {

    public static final int ADD = 0;
    public static final int MODIFY = 1;
    public static final int DELETE = 2;
    public static final int INSERT_BUCKET = 3;
    public static final int REMOVE_BUCKET = 5;
    /** Open vSwitch's. */
    public static final int ADD_OR_MODIFY = 0x8000;

    private static final WireType<List<Bucket>> BUCKETS = WireTypes.list(Bucket.LAYOUT);

    private static void withProperties(LayoutBuilder f) {
        f.lengthOf("buckets").pad(2).u32("commandBucket").bounded("buckets", BUCKETS);
        f.properties(p -> p.experimenter(
                SelectionMethod.EXPERIMENTER, SelectionMethod.TYPE, "selection", SelectionMethod.LAYOUT));
    }

    private static final Layout<GroupMod> LAYOUT = Layout.of(
            GroupMod.class,
            f -> f.absent("commandBucket", GroupNumbers.BUCKET_ALL)
                    .u16("command")
                    .u8("kind")
                    .pad(1)
                    .u32("group")
                    .in("1.1-1.4", g -> g.field("buckets", BUCKETS))
                    .in("1.0", GroupMod::withProperties)
                    .in("1.5", GroupMod::withProperties));

    public static final MessageForms<GroupMod> FORMS = MessageForms.<GroupMod>named("GROUP_MOD")
            .form(Family.OFPT, "1.1+", 15, LAYOUT)
            .form(Family.NXT, "1.0", 31, LAYOUT);

    @Override
    public MessageType type() {
        return MessageType.GROUP_MOD;
    }
}
