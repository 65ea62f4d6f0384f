package io.jvswitch.vswitchd.view;

import java.util.List;

/**
 * What would happen to a frame: a dry run of the translator, which changes nothing.
 *
 * @param port name of the port that the frame would come in by
 * @param frame the frame in one line
 * @param steps each decision in one line, in order
 * @param verdict the outcome in one line: forwarded where, answered, or dropped with the reason's label
 * @param megaflow the megaflow's match: what the decision depends on
 * @param actions the actions
 */
public record TraceView(
        String port, String frame, List<String> steps, String verdict, String megaflow, String actions) {

    public TraceView {
        steps = List.copyOf(steps);
    }
}
