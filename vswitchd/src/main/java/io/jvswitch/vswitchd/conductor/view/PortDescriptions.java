package io.jvswitch.vswitchd.conductor.view;

import io.jvswitch.vswitchd.plan.PortSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Descriptions of ports, each made once for a specification. The conductor's. */
final class PortDescriptions {

    /** By the port's number, null for one that was not asked for. */
    private final List<@Nullable PortDescription> byNumber = new ArrayList<>();

    /** The description of the port with that number, which has that specification now. */
    @SuppressWarnings("ReferenceEquality") // what has not changed is the same object
    PortDescription of(int number, PortSpec spec) {
        while (byNumber.size() <= number) {
            byNumber.add(null);
        }
        PortDescription known = byNumber.get(number);
        if (known == null || known.spec() != spec) {
            known = PortDescription.of(spec);
            byNumber.set(number, known);
        }
        return known;
    }
}
