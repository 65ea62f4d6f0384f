package io.jvswitch.openflow.message.meter;

import io.jvswitch.openflow.OpenFlowError;
import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.layout.WireType;
import io.jvswitch.openflow.layout.WireTypes;

/**
 * What a meter does above a rate (OpenFlow 1.5.1, section 7.3.4.5).
 *
 * @param rate in kbit/s or packets a second, as the meter's flags say
 * @param burst in kbit or packets
 * @param precedence by how much the DSCP's drop precedence rises; of {@link Type#DSCP_REMARK}
 */
public record MeterBand(Type type, long rate, long burst, int precedence) {

    /** What happens to packets above the rate; the numbers are 1 and 2. */
    public enum Type {
        DROP,
        DSCP_REMARK;

        private static final WireType<Type> TYPE =
                WireTypes.ordinal(WireTypes.U16, Type.class, 1, OpenFlowError.OFPMMFC_BAD_BAND);
    }

    static final Layout<MeterBand> LAYOUT = Layout.of(
            MeterBand.class,
            f -> f.field("type", Type.TYPE)
                    .length()
                    .u32("rate")
                    .u32("burst")
                    .u8("precedence")
                    .pad(3));
}
