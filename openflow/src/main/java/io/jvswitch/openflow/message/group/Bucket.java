package io.jvswitch.openflow.message.group;

import io.jvswitch.openflow.Bytes;
import io.jvswitch.openflow.OpenFlowError;
import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.layout.LayoutBuilder;
import io.jvswitch.openflow.layout.WireTypes;
import io.jvswitch.openflow.message.port.PortDescription;
import org.jspecify.annotations.Nullable;

/**
 * One of the ways that a group has (OpenFlow 1.5.1, section 7.3.4.4).
 *
 * @param id in OpenFlow 1.5 and Nicira's form of 1.0
 * @param weight of a select group's bucket, or null where it is not said, which is written as 0 from 1.1 to 1.4
 * @param watchPort of a fast failover group's bucket, or {@code ANY}
 * @param watchGroup of a fast failover group's bucket, or {@code ANY}
 * @param actions their bytes
 */
public record Bucket(long id, @Nullable Integer weight, int watchPort, long watchGroup, Bytes actions) {

    static final Layout<Bucket> LAYOUT = Layout.of(
            Bucket.class,
            OpenFlowError.OFPGMFC_BAD_BUCKET,
            f -> f.absent("watchPort", PortDescription.ANY)
                    .absent("watchGroup", GroupNumbers.ANY)
                    .length()
                    .in(
                            "1.1-1.4",
                            g -> g.instead("weight", 0)
                                    .u16("weight")
                                    .port("watchPort")
                                    .u32("watchGroup")
                                    .pad(4)
                                    .rest("actions"))
                    .in("1.0", Bucket::withProperties)
                    .in("1.5", Bucket::withProperties));

    private static void withProperties(LayoutBuilder f) {
        f.lengthOf("actions").u32("id").bounded("actions", WireTypes.REST);
        f.properties(p -> p.value(0, "weight", WireTypes.followedBy(2, WireTypes.U16))
                .value(1, "watchPort", WireTypes.PORT32)
                .value(2, "watchGroup", WireTypes.U32));
    }
}
