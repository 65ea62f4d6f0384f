package io.jvswitch.vswitchd.config.yaml;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Builds the tree of a YAML 1.2 document (JSON is one, too) out of the parser's events.
 *
 * <p>Built by hand rather than by the library's composer because a configuration may come from anybody who can write to
 * the control socket: nesting is bounded, so no recursion can exhaust the stack, and so is the number of nodes with
 * aliases expanded, so a few lines cannot stand for a billion entries.
 */
final class YamlTree {

    static final int MAX_BYTES = 8 << 20;
    static final int MAX_DEPTH = 32;
    static final int MAX_NODES = 1_000_000;

    private final Problems problems;
    private final Map<Anchor, YamlNode> anchored = new HashMap<>();
    private final Deque<Open> open = new ArrayDeque<>();
    private @Nullable YamlNode root;
    private int nodes;

    private YamlTree(Problems problems) {
        this.problems = problems;
    }

    /** The tree, or null when the text is empty or broken; what is broken has been reported. */
    static @Nullable YamlNode parse(String text, Problems problems) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(problems.file())
                .setCodePointLimit(MAX_BYTES)
                .setUseMarks(true)
                // The parser moves all that it has read with every buffer that it reads: one that takes the whole text,
                // or time grows with the square of a long line, of blanks, or of a comment.
                .setBufferSize(text.length() + 1)
                .build();
        YamlTree tree = new YamlTree(problems);
        try {
            for (Event event : new Parse(settings).parseString(text)) {
                if (!tree.take(event)) {
                    return null;
                }
            }
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
            String context = e.getContext() == null ? "" : " " + e.getContext();
            problems.report(
                    "",
                    mark.map(Mark::getLine).orElse(0) + 1,
                    mark.map(Mark::getColumn).orElse(0) + 1,
                    null,
                    "not valid YAML:" + context + (e.getProblem() == null ? "" : " " + e.getProblem()));
            return null;
        } catch (YamlEngineException e) {
            problems.report("", 1, 1, null, "not valid YAML: " + firstLine(e));
            return null;
        }
        return tree.root;
    }

    private static String firstLine(Exception e) {
        String message = e.getMessage();
        return message == null
                ? e.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }

    /** Whether to go on. */
    private boolean take(Event event) {
        int line = event.getStartMark().map(Mark::getLine).orElse(0) + 1;
        int column = event.getStartMark().map(Mark::getColumn).orElse(0) + 1;
        switch (event.getEventId()) {
            case DocumentStart -> {
                if (root != null) {
                    problems.report("", line, column, null, "a second document: expected one");
                    return false;
                }
            }
            case Scalar -> {
                ScalarEvent scalar = (ScalarEvent) event;
                return add(
                        new YamlNode.Scalar(line, column, scalar.getValue(), scalar.isPlain()),
                        scalar.getAnchor(),
                        line,
                        column);
            }
            case MappingStart, SequenceStart -> {
                if (open.size() == MAX_DEPTH) {
                    problems.report(
                            "", line, column, null, "nested too deeply: expected at most " + MAX_DEPTH + " levels");
                    return false;
                }
                Anchor anchor = ((CollectionStartEvent) event).getAnchor().orElse(null);
                open.push(new Open(line, column, event.getEventId() == Event.ID.MappingStart, anchor));
            }
            case MappingEnd, SequenceEnd -> {
                Open done = open.pop();
                YamlNode node = done.close(problems);
                return node != null && add(node, Optional.ofNullable(done.anchor), done.line, done.column);
            }
            case Alias -> {
                Anchor alias = ((AliasEvent) event).getAlias();
                YamlNode target = anchored.get(alias);
                if (target == null) {
                    problems.report(
                            "",
                            line,
                            column,
                            "*" + alias,
                            "expected an anchor &" + alias + " that ends before this alias");
                    return false;
                }
                return add(target, Optional.empty(), line, column);
            }
            default -> {
                if (event instanceof NodeEvent) {
                    throw new IllegalStateException("unexpected YAML event " + event);
                }
            }
        }
        return true;
    }

    private boolean add(YamlNode node, Optional<Anchor> anchor, int line, int column) {
        anchor.ifPresent(name -> anchored.put(name, node));
        Open parent = open.peek();
        if (parent == null) {
            root = node;
            return true;
        }
        parent.children.add(node);
        // Collections were counted as their children came; an alias brings all of its target at once.
        boolean fresh = node.line() == line && node.column() == column;
        nodes += fresh ? 1 : node.size();
        if (nodes > MAX_NODES) {
            problems.report(
                    "", line, column, null, "too large: expected at most " + MAX_NODES + " values, aliases expanded");
            return false;
        }
        return true;
    }

    /** A collection whose end has not come. */
    private static final class Open {
        final int line;
        final int column;
        final boolean mapping;
        final @Nullable Anchor anchor;
        final List<YamlNode> children = new ArrayList<>();

        Open(int line, int column, boolean mapping, @Nullable Anchor anchor) {
            this.line = line;
            this.column = column;
            this.mapping = mapping;
            this.anchor = anchor;
        }

        /** The node, or null when a key is not a scalar. */
        @Nullable
        YamlNode close(Problems problems) {
            int size = 1;
            for (YamlNode child : children) {
                size += child.size();
            }
            if (!mapping) {
                return new YamlNode.Sequence(line, column, List.copyOf(children), size);
            }
            List<YamlNode.Entry> entries = new ArrayList<>(children.size() / 2);
            for (int i = 0; i < children.size(); i += 2) {
                if (!(children.get(i) instanceof YamlNode.Scalar key)) {
                    YamlNode wrong = children.get(i);
                    problems.report(
                            "", wrong.line(), wrong.column(), null, "a key that is a collection: expected a word");
                    return null;
                }
                entries.add(new YamlNode.Entry(key, children.get(i + 1)));
            }
            return new YamlNode.Mapping(line, column, List.copyOf(entries), size);
        }
    }
}
