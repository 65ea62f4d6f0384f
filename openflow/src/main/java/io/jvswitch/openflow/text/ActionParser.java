package io.jvswitch.openflow.text;

import io.jvswitch.openflow.OpenFlowVersion;
import io.jvswitch.openflow.ReservedPorts;
import io.jvswitch.openflow.action.ActionOrder;
import io.jvswitch.openflow.action.OpenFlowAction;
import io.jvswitch.openflow.action.OpenFlowAction.Ct;
import io.jvswitch.openflow.action.OpenFlowAction.Nat;
import io.jvswitch.openflow.action.OpenFlowAction.Plain;
import io.jvswitch.openflow.field.Subfield;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads actions as {@code ovs-ofctl} does (ovs-actions(7)). Errors say what it says. Actions inside actions are read to a
 * depth of {@value #MAX_DEPTH}.
 */
public final class ActionParser {

    private static final int MAX_DEPTH = 100;
    private static final int MAX_VID = 0xfff;

    private int depth;

    private ActionParser() {}

    /** Reads a list of actions, as a packet-out or a group's bucket has it. */
    public static List<OpenFlowAction> parseActions(String text) throws FlowTextException {
        return new ActionParser().parse(text, false, ActionOrder.Outer.NOTHING);
    }

    /** Reads a flow's actions and instructions. */
    public static List<OpenFlowAction> parseInstructions(String text) throws FlowTextException {
        return new ActionParser().parse(text, true, ActionOrder.Outer.NOTHING);
    }

    private List<OpenFlowAction> parse(String text, boolean instructions, ActionOrder.Outer outer)
            throws FlowTextException {
        if (depth == MAX_DEPTH) {
            throw new FlowTextException("Action nested too deeply");
        }
        depth++;
        List<OpenFlowAction> actions = new ArrayList<>();
        boolean drop = false;
        KeyValues words = new KeyValues(text);
        while (words.next()) {
            String name = words.key().toLowerCase(Locale.ROOT);
            if (name.equals("drop")) {
                drop = true;
            } else if (name.equals("apply_actions")) {
                throw new FlowTextException("apply_actions is the default instruction");
            } else {
                actions.add(parseOne(name, words.key(), words.value()));
            }
        }
        if (drop && !actions.isEmpty()) {
            throw new FlowTextException("\"drop\" must not be accompanied by any other action or instruction");
        }
        ActionOrder.Problem problem = ActionOrder.find(actions, OpenFlowVersion.V1_1, instructions, true, outer);
        if (problem != null) {
            throw new FlowTextException(problem.text());
        }
        depth--;
        return actions;
    }

    private OpenFlowAction parseOne(String name, String asWritten, String value) throws FlowTextException {
        return switch (name) {
            case "output", "output_reg" -> OutputParser.output(value);
            case "group" -> new OpenFlowAction.Group(Numbers.u32(value));
            case "controller" -> OutputParser.controller(value);
            case "enqueue" -> OutputParser.enqueue(value);
            case "bundle" -> OutputParser.bundle(value, false);
            case "bundle_load" -> OutputParser.bundle(value, true);
            case "multipath" -> OutputParser.multipath(value);
            case "set_field" -> FieldActionParser.setField(value);
            case "load" -> FieldActionParser.load(value);
            case "move" -> FieldActionParser.move(value);
            case "push" -> new OpenFlowAction.StackPush(FieldActionParser.stack(value));
            case "pop" -> new OpenFlowAction.StackPop(FieldActionParser.stack(value));
            case "delete_field" -> FieldActionParser.deleteField(value);
            case "check_pkt_larger" -> FieldActionParser.checkPacketLarger(value);
            case "learn" -> LearnParser.parse(value);
            case "set_vlan_vid" -> new OpenFlowAction.SetVlanVid(vid(value), false);
            case "mod_vlan_vid" -> new OpenFlowAction.SetVlanVid(vid(value), true);
            case "set_vlan_pcp" -> new OpenFlowAction.SetVlanPcp(limited(value, "VLAN PCP", 7), false);
            case "mod_vlan_pcp" -> new OpenFlowAction.SetVlanPcp(limited(value, "VLAN PCP", 7), true);
            case "strip_vlan" -> Plain.STRIP_VLAN;
            case "pop_vlan" -> Plain.POP_VLAN;
            case "push_vlan" -> pushVlan(value);
            case "mod_dl_src" -> new OpenFlowAction.SetEthSrc(Numbers.mac(value));
            case "mod_dl_dst" -> new OpenFlowAction.SetEthDst(Numbers.mac(value));
            case "mod_nw_src" -> new OpenFlowAction.SetIpv4Src(Numbers.ipv4(value));
            case "mod_nw_dst" -> new OpenFlowAction.SetIpv4Dst(Numbers.ipv4(value));
            case "mod_nw_tos" -> new OpenFlowAction.SetIpDscp(limited(value, "TOS", 0xfc));
            case "mod_nw_ecn" -> new OpenFlowAction.SetIpEcn(limited(value, "ECN", 3));
            case "mod_nw_ttl", "set_nw_ttl" -> new OpenFlowAction.SetIpTtl(Numbers.u8(value, "TTL"));
            case "mod_tp_src" -> new OpenFlowAction.SetL4Src(Numbers.u16(value, "source port"));
            case "mod_tp_dst" -> new OpenFlowAction.SetL4Dst(Numbers.u16(value, "destination port"));
            case "dec_ttl" -> decTtl(value);
            case "set_mpls_label" -> mplsLabel(value);
            case "set_mpls_tc" -> {
                require(value, "set_mpls_tc: expected tc.");
                yield new OpenFlowAction.SetMplsTc(limited(value, "MPLS TC", 7));
            }
            case "set_mpls_ttl" -> {
                require(value, "set_mpls_ttl: expected ttl.");
                yield new OpenFlowAction.SetMplsTtl(Numbers.u8(value, "MPLS TTL"));
            }
            case "dec_mpls_ttl" -> Plain.DEC_MPLS_TTL;
            case "push_mpls" -> new OpenFlowAction.PushMpls(Numbers.u16(value, "push_mpls"));
            case "pop_mpls" -> new OpenFlowAction.PopMpls(Numbers.u16(value, "pop_mpls"));
            case "dec_nsh_ttl" -> Plain.DEC_NSH_TTL;
            case "encap" -> EncapParser.encap(value);
            case "decap" -> EncapParser.decap(value);
            case "set_tunnel" -> new OpenFlowAction.SetTunnel(Numbers.u64(value), false);
            case "set_tunnel64" -> new OpenFlowAction.SetTunnel(Numbers.u64(value), true);
            case "set_queue" -> new OpenFlowAction.SetQueue(Numbers.u32(value));
            case "pop_queue" -> Plain.POP_QUEUE;
            case "fin_timeout" -> finTimeout(value);
            case "resubmit" -> resubmit(value);
            case "conjunction" -> conjunction(value);
            case "note" -> new OpenFlowAction.Note(Numbers.hexBytes(value, "bad hex digit in `note' argument"));
            case "exit" -> Plain.EXIT;
            case "sample" -> OutputParser.sample(value);
            case "unroll_xlate" ->
                throw new FlowTextException("UNROLL is an internal action that shouldn't be used via OpenFlow");
            case "ct" -> ct(value);
            case "ct_clear" -> Plain.CT_CLEAR;
            case "nat" -> NatParser.parse(value);
            case "output_trunc" -> throw new FlowTextException("unknown action " + value);
            case "clone" -> new OpenFlowAction.CloneActions(parse(value, false, ActionOrder.Outer.CLONE));
            case "meter" -> new OpenFlowAction.Meter(Numbers.u32(value));
            case "clear_actions" -> Plain.CLEAR_ACTIONS;
            case "write_actions" ->
                new OpenFlowAction.WriteActions(parse(value, false, ActionOrder.Outer.WRITE_ACTIONS));
            case "write_metadata" -> writeMetadata(value);
            case "goto_table" -> new OpenFlowAction.GotoTable(table(value, "unknown table \"" + value + "\""));
            default -> {
                int port = ReservedPorts.parse(asWritten);
                if (port < 0) {
                    throw new FlowTextException("unknown action " + asWritten);
                }
                yield new OpenFlowAction.Output(port, 0);
            }
        };
    }

    private static void require(String value, String wrong) throws FlowTextException {
        if (value.isEmpty()) {
            throw new FlowTextException(wrong);
        }
    }

    /** A table's number, which some places allow to be 255. */
    static int table(String value, String wrong) throws FlowTextException {
        if (value.isEmpty() || !value.chars().allMatch(c -> c >= '0' && c <= '9') || value.length() > 3) {
            throw new FlowTextException(wrong);
        }
        int table = Integer.parseInt(value);
        if (table > 255) {
            throw new FlowTextException(wrong);
        }
        return table;
    }

    private static int vid(String value) throws FlowTextException {
        int vid = Numbers.u16(value, "VLAN VID");
        if (vid > MAX_VID) {
            throw new FlowTextException(value + ": not a valid VLAN VID");
        }
        return vid;
    }

    private static int limited(String value, String what, int bits) throws FlowTextException {
        int number = Numbers.u8(value, what);
        if ((number & ~bits) != 0) {
            throw new FlowTextException(value + ": not a valid " + what);
        }
        return number;
    }

    private static OpenFlowAction pushVlan(String value) throws FlowTextException {
        int type = Numbers.u16(value, "ethertype");
        if (type != 0x8100 && type != 0x88a8) {
            throw new FlowTextException(value + ": not a valid VLAN ethertype");
        }
        return new OpenFlowAction.PushVlan(type);
    }

    private static OpenFlowAction decTtl(String value) throws FlowTextException {
        if (value.isEmpty()) {
            return new OpenFlowAction.DecTtl(List.of(0), false);
        }
        List<Integer> ids = new ArrayList<>();
        Tokens tokens = new Tokens(value, ", ");
        for (String id = tokens.next(); id != null; id = tokens.next()) {
            ids.add(Numbers.leading(id) & 0xffff);
        }
        if (ids.isEmpty()) {
            throw new FlowTextException("dec_ttl_cnt_ids: expected at least one controller id.");
        }
        return new OpenFlowAction.DecTtl(ids, true);
    }

    private static OpenFlowAction mplsLabel(String value) throws FlowTextException {
        require(value, "set_mpls_label: expected label.");
        int label = Numbers.u32(value);
        if (label >>> 20 != 0) {
            throw new FlowTextException(value + ": not a valid MPLS label");
        }
        return new OpenFlowAction.SetMplsLabel(label);
    }

    private static OpenFlowAction finTimeout(String value) throws FlowTextException {
        int idle = 0;
        int hard = 0;
        KeyValues words = new KeyValues(value);
        while (words.next()) {
            switch (words.key()) {
                case "idle_timeout" -> idle = Numbers.u16(words.value(), words.key());
                case "hard_timeout" -> hard = Numbers.u16(words.value(), words.key());
                default -> throw new FlowTextException("invalid key '" + words.key() + "' in 'fin_timeout' argument");
            }
        }
        return new OpenFlowAction.FinTimeout(idle, hard);
    }

    private static OpenFlowAction resubmit(String value) throws FlowTextException {
        int comma = value.indexOf(',');
        String portText = comma < 0 ? value : value.substring(0, comma);
        String rest = comma < 0 ? "" : value.substring(comma + 1);
        comma = rest.indexOf(',');
        String tableText = comma < 0 ? rest : rest.substring(0, comma);
        String ct = comma < 0 ? "" : rest.substring(comma + 1);
        int port = portText.isEmpty() ? ReservedPorts.IN_PORT : ReservedPorts.parse(portText);
        if (port < 0) {
            throw new FlowTextException(portText + ": resubmit to unknown port");
        }
        int table = tableText.isEmpty() ? 255 : table(tableText, tableText + ": resubmit to unknown table");
        if (!ct.isEmpty() && !ct.equals("ct")) {
            throw new FlowTextException(ct + ": unknown parameter");
        }
        if (port == ReservedPorts.IN_PORT && table == 255) {
            throw new FlowTextException("at least one \"in_port\" or \"table\" must be specified on resubmit");
        }
        return new OpenFlowAction.Resubmit(port, table, !ct.isEmpty(), false);
    }

    private static OpenFlowAction conjunction(String value) throws FlowTextException {
        int comma = value.indexOf(',');
        int slash = value.indexOf('/', comma + 1);
        int clause;
        int clauses;
        int id;
        try {
            if (comma < 0 || slash < 0) {
                throw new FlowTextException("");
            }
            id = Numbers.u32(value.substring(0, comma).strip());
            clause = Numbers.u8(value.substring(comma + 1, slash).strip(), "");
            clauses = Numbers.u8(value.substring(slash + 1).strip(), "");
        } catch (FlowTextException e) {
            throw new FlowTextException("\"conjunction\" syntax is \"conjunction(id,i/n)\"");
        }
        String wrong = clauses < 2
                ? "conjunction must have at least 2 clauses"
                : clauses > 64
                        ? "conjunction must have at most 64 clauses"
                        : clause < 1
                                ? "clause index must be positive"
                                : clause > clauses
                                        ? "clause index must be less than or equal to number of clauses"
                                        : "";
        if (!wrong.isEmpty()) {
            throw new FlowTextException(wrong);
        }
        return new OpenFlowAction.Conjunction(id, clause - 1, clauses);
    }

    private OpenFlowAction ct(String value) throws FlowTextException {
        int flags = 0;
        int table = Ct.NO_TABLE;
        int zone = 0;
        Subfield zoneSource = null;
        int helper = 0;
        List<OpenFlowAction> actions = new ArrayList<>();
        KeyValues words = new KeyValues(value);
        while (words.next()) {
            String argument = words.value();
            switch (words.key()) {
                case "commit" -> flags |= Ct.COMMIT;
                case "force" -> flags |= Ct.FORCE;
                case "table" -> {
                    table = table(argument, "unknown table " + argument);
                    if (table == Ct.NO_TABLE) {
                        throw new FlowTextException("invalid table 0xff");
                    }
                }
                case "zone" -> {
                    if (!argument.isEmpty() && Character.digit(argument.charAt(0), 10) >= 0) {
                        zone = Numbers.u16(argument, "zone");
                    } else {
                        zoneSource = FieldText.parseWholePart(argument);
                    }
                }
                case "alg" -> {
                    helper = Words.parseHelper(argument);
                    if (helper < 0) {
                        throw new FlowTextException("invalid conntrack helper \"" + argument + "\"");
                    }
                }
                case "nat" -> actions.add(NatParser.parse(argument));
                case "exec" -> actions.addAll(parse(argument, false, ActionOrder.Outer.CT));
                default -> throw new FlowTextException("invalid argument to \"ct\" action: `" + words.key() + "'");
            }
        }
        if ((flags & (Ct.COMMIT | Ct.FORCE)) == Ct.FORCE) {
            throw new FlowTextException("\"force\" flag requires \"commit\" flag.");
        }
        // Open vSwitch keeps nat first, wherever it was written.
        actions.sort((a, b) -> Boolean.compare(b instanceof Nat, a instanceof Nat));
        return new Ct(flags, zone, zoneSource, table, helper, actions);
    }

    private static OpenFlowAction writeMetadata(String value) throws FlowTextException {
        int slash = value.indexOf('/');
        long mask = slash < 0 ? -1L : Numbers.u64(value.substring(slash + 1));
        return new OpenFlowAction.WriteMetadata(Numbers.u64(slash < 0 ? value : value.substring(0, slash)), mask);
    }
}
