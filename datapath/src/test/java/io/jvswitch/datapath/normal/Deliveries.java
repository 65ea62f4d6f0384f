package io.jvswitch.datapath.normal;

import io.jvswitch.datapath.translate.Action;
import io.jvswitch.datapath.translate.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What comes out of a frame by actions that change nothing but VLAN tags, in hexadecimal: by port, each copy in its
 * order. Of our own actions, and of those that Open vSwitch writes.
 */
final class Deliveries {

    private static final int ADDRESS_DIGITS = 24;
    private static final int TAG_DIGITS = 8;
    private static final Pattern OVS_ACTION = Pattern.compile("clone\\(|\\)|pop_vlan"
            + "|push_vlan\\((?:tpid=0x([0-9a-f]+),)?vid=(\\d+),pcp=(\\d+)\\)|trunc\\((\\d+)\\)|drop|(\\d+)|,");

    private final SortedMap<Integer, List<String>> byPort = new TreeMap<>();
    private String frame;
    /** Of the next output. */
    private int maxBytes = Integer.MAX_VALUE;

    private Deliveries(String frame) {
        this.frame = frame;
    }

    static SortedMap<Integer, List<String>> of(Verdict verdict, String frame) {
        Deliveries deliveries = new Deliveries(frame);
        for (int i = 0; i < verdict.size(); i++) {
            deliveries.apply(verdict.action(i));
        }
        return deliveries.byPort;
    }

    static SortedMap<Integer, List<String>> ofOvs(String actions, String frame) {
        Deliveries deliveries = new Deliveries(frame);
        List<String> kept = new ArrayList<>();
        Matcher matcher = OVS_ACTION.matcher(actions);
        int at = 0;
        while (matcher.find()) {
            if (matcher.start() != at) {
                throw new IllegalArgumentException("no action at " + at + " of " + actions);
            }
            at = matcher.end();
            if (matcher.group(5) != null) {
                deliveries.output(Integer.parseInt(matcher.group(5)));
            } else if (matcher.group(4) != null) {
                deliveries.maxBytes = Integer.parseInt(matcher.group(4));
            } else if (matcher.group(2) != null) {
                deliveries.push(
                        matcher.group(1) == null ? 0x8100 : Integer.parseInt(matcher.group(1), 16),
                        Integer.parseInt(matcher.group(3)),
                        Integer.parseInt(matcher.group(2)));
            } else if (matcher.group().equals("pop_vlan")) {
                deliveries.pop();
            } else if (matcher.group().equals("clone(")) {
                kept.add(deliveries.frame);
            } else if (matcher.group().equals(")")) {
                deliveries.frame = kept.removeLast();
            }
        }
        if (at != actions.length()) {
            throw new IllegalArgumentException("no action at " + at + " of " + actions);
        }
        return deliveries.byPort;
    }

    private void apply(Action action) {
        switch (action) {
            case Action.Output output -> output(output.port());
            case Action.Truncate truncate -> maxBytes = truncate.maxBytes();
            case Action.PopVlan _ -> pop();
            case Action.PushVlan tag -> push(tag.tpid(), tag.pcp(), tag.vid());
            case Action.Clone clone -> {
                String before = frame;
                clone.actions().forEach(this::apply);
                frame = before;
            }
            default -> throw new IllegalArgumentException(action.toString());
        }
    }

    private void output(int port) {
        String bytes = frame.length() / 2 > maxBytes ? frame.substring(0, 2 * maxBytes) : frame;
        byPort.computeIfAbsent(port, _ -> new ArrayList<>()).add(bytes);
        maxBytes = Integer.MAX_VALUE;
    }

    private void pop() {
        String type = frame.substring(ADDRESS_DIGITS, ADDRESS_DIGITS + 4);
        if (!type.equals("8100") && !type.equals("88a8")) {
            throw new IllegalArgumentException("there is no tag to take off: " + frame);
        }
        frame = frame.substring(0, ADDRESS_DIGITS) + frame.substring(ADDRESS_DIGITS + TAG_DIGITS);
    }

    private void push(int tpid, int pcp, int vid) {
        frame = frame.substring(0, ADDRESS_DIGITS)
                + "%04x%04x".formatted(tpid, pcp << 13 | vid)
                + frame.substring(ADDRESS_DIGITS);
    }
}
